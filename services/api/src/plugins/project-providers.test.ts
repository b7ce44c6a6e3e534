import { expect, test } from 'vitest';
import { createRegistryWriter } from '@understudy/availability';
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

/** In whose queue a job stands. */
async function providerOf(api: TestApi, project: string, id: string): Promise<string | undefined> {
  const [job] = await api.dispatch.store.readRecords([{ project, id }]);
  const place = job?.progress.place;
  return place?.kind === 'queue' ? place.planned.provider : undefined;
}

const idIn = (answer: Response): string => answer.headers.get('location')?.split('/').at(-1) ?? '';

test('the jobs of a project go where its rule lets them, those of others anywhere', async () => {
  const api = await startRuled();
  expect(await providerOf(api, 'default', await submit(api))).toBe('backup');
  await makeProject(api, 'acme');
  const { headers } = await issueKey(api, { project: 'acme' });
  const answer = await post(api, '/v1/jobs', chatJob(), headers);
  expect(await providerOf(api, 'acme', idIn(answer))).toBe('main');
});

test('who must go to a provider that takes any name goes there, though another knows the name', async () => {
  const api = await startTestApi({
    configuration: `
providers:
  vllm: { kind: openai-compatible, preset: vllm }
  main: { kind: openai, apiKey: unused }
projects: { default: { providers: { only: [vllm] } } }
`,
    registered: ['main'],
  });
  const { registry, redis, keyPrefix, clock, reload } = api.dispatch;
  const known = registry.registration('main');
  if (known === undefined) throw new Error('main is not registered');
  const writer = createRegistryWriter(redis, keyPrefix, 'worker', clock);
  await writer.register([{ ...known, provider: 'vllm', models: {}, passthrough: true }]);
  await reload();

  const toModel = { model: 'gpt-4o' };
  expect(await providerOf(api, 'default', await submit(api, chatJob({}, toModel)))).toBe('vllm');
  await makeProject(api, 'acme');
  const { headers } = await issueKey(api, { project: 'acme' });
  const named = chatJob({ providers: { only: ['vllm'] } }, toModel);
  const answer = await post(api, '/v1/jobs', named, headers);
  expect(await providerOf(api, 'acme', idIn(answer))).toBe('vllm');
  const anywhere = await post(api, '/v1/jobs', chatJob({}, toModel), headers);
  expect(await providerOf(api, 'acme', idIn(anywhere))).toBe('main');
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
