import { expect, test } from 'vitest';
import { projectListSchema } from '../schemas/admin-schemas.ts';
import { limitsViewSchema } from '../schemas/limit-schemas.ts';
import { explainedRouteSchema } from '../schemas/provider-schemas.ts';
import { issueKey, makeProject } from '../testing/admin-calls.ts';
import { chatJob, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi, TestApiOptions } from '../testing/start-test-api.ts';

const CONFIGURATION = `
providers:
  main: { kind: openai, apiKey: unused }
  backup: { kind: openai, apiKey: unused }
routes:
  two-ways:
    targets: [ { provider: main, model: gpt-4o }, { provider: backup, model: gpt-4o } ]
  one-way:
    targets: [ { provider: main, model: gpt-4o } ]
projects: { default: { providers: { except: [main] } } }
`;

const startRuled = (options: TestApiOptions = {}) =>
  startTestApi({ configuration: CONFIGURATION, ...options });

const post = (api: TestApi, path: string, body: unknown, headers: Record<string, string> = {}) =>
  api.call(path, { method: 'POST', body, headers });

test('the jobs of a project go where its rule lets them, those of others anywhere', async () => {
  const api = await startRuled();
  const providerOf = async (project: string, id: string) => {
    const [job] = await api.dispatch.store.readRecords([{ project, id }]);
    const place = job?.progress.place;
    return place?.kind === 'queue' ? place.planned.provider : undefined;
  };
  expect(await providerOf('default', await submit(api))).toBe('backup');
  await makeProject(api, 'acme');
  const { headers } = await issueKey(api, { project: 'acme' });
  const answer = await post(api, '/v1/jobs', chatJob(), headers);
  const location = answer.headers.get('location') ?? '';
  expect(await providerOf('acme', location.split('/').at(-1) ?? '')).toBe('main');
});

test('a job that nobody may answer because of its project is refused on every surface', async () => {
  const api = await startRuled();
  const oneWay = { model: 'one-way', messages: [{ role: 'user', content: 'hello' }] };
  const detail = 'jobs of this project go not to main, and this one for the model "one-way"';
  for (const [path, body] of [
    ['/v1/jobs', chatJob({}, oneWay)],
    ['/v1/chat/completions', oneWay],
    ['/v1/responses', { model: 'one-way', input: 'hello', background: true }],
    ['/anthropic/v1/messages', { ...oneWay, max_tokens: 5 }],
  ] as const) {
    const refused = await post(api, path, body);
    expect([path, refused.status, await refused.text()]).toEqual([
      path,
      403,
      expect.stringContaining(JSON.stringify(detail).slice(1, -1)),
    ]);
  }
  const named = await post(api, '/v1/jobs', chatJob({ providers: { only: ['main'] } }));
  expect([named.status, await named.json()]).toMatchObject([
    403,
    { error: { code: 'forbidden', param: 'providers' } },
  ]);
});

test('what a vendor keeps is asked for where the rule leaves one provider', async () => {
  const api = await startRuled();
  const job = chatJob({ endpoint: '/v1/responses' }, { previous_response_id: 'resp_vendors' });
  expect((await post(api, '/v1/jobs', job)).status).toBe(202);
});

test('while the worker of a provider that may answer has not started the job is to come again', async () => {
  const api = await startRuled({ registered: ['main'] });
  const automatic = chatJob({}, { model: 'gpt-4o-mini' });
  const early = await post(api, '/v1/jobs', automatic);
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '2']);
});

test('the rule is shown to the project, to operators, and where a route is explained', async () => {
  const api = await startRuled();
  const shown = limitsViewSchema.parse(await (await api.call('/v1/limits')).json());
  expect(shown.project).toMatchObject({ limits: {}, providers: { except: ['main'] } });
  const { data } = projectListSchema.parse(await (await api.call('/v1/admin/projects')).json());
  expect(data).toMatchObject([{ name: 'default', providers: { except: ['main'] } }]);
  const explained = await (await api.call('/v1/routes/two-ways')).json();
  expect(explainedRouteSchema.parse(explained).targets.map(({ state }) => state)).toEqual([
    'provider_excluded',
    'open',
  ]);
});

test('a project of which the file says nothing but its rule keeps the limits it was given', async () => {
  const api = await startRuled();
  const changed = await api.call('/v1/admin/projects/default', {
    method: 'PATCH',
    body: { limits: { jobs_waiting: 7 } },
  });
  expect([changed.status, await changed.json()]).toMatchObject([
    200,
    { limits: { jobs_waiting: 7 }, providers: { except: ['main'] } },
  ]);
});
