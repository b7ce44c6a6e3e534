import { openDispatch } from '@understudy/dispatch';
import { createLogger } from '@understudy/runtime';
import { expect, onTestFinished, test, vi } from 'vitest';
import { testRedisUrl } from '../../../../test/support/redis.ts';
import { issueKey, makeProject } from '../testing/admin-calls.ts';
import { chatJob, startTestApi } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';

const change = (api: TestApi, project: string, limits: unknown) =>
  api.call(`/v1/admin/projects/${project}`, { method: 'PATCH', body: { limits } });

const submitAs = async (api: TestApi, headers: Record<string, string>): Promise<number> =>
  (await api.call('/v1/jobs', { method: 'POST', body: chatJob(), headers })).status;

test('limits that are given to a project hold for its next request, and no more when taken away', async () => {
  const api = await startTestApi();
  await makeProject(api, 'acme');
  const { headers } = await issueKey(api, { project: 'acme', scopes: ['submit', 'read'] });
  expect(await submitAs(api, headers)).toBe(202);
  const changed = await change(api, 'acme', { jobs_waiting: 2, highest_priority: 'low' });
  expect(changed.status).toBe(200);
  expect(await changed.json()).toMatchObject({
    object: 'project',
    name: 'acme',
    limits: { jobs_waiting: 2, highest_priority: 8 },
    use: { bytes_stored: 0 },
  });
  expect([await submitAs(api, headers), await submitAs(api, headers)]).toEqual([202, 202]);
  expect(await submitAs(api, headers)).toBe(429);
  const own = await api.call('/v1/limits', { headers });
  expect(await own.json()).toMatchObject({ project: { limits: { jobs_waiting: 2 } } });
  await change(api, 'acme', { jobs_waiting: null });
  expect(await submitAs(api, headers)).toBe(202);
  const [, acme] = ((await (await api.call('/v1/admin/projects')).json()) as { data: object[] })
    .data;
  expect(acme).toMatchObject({ name: 'acme', limits: { highest_priority: 8 } });
  expect(acme).not.toHaveProperty('limits.jobs_waiting');
});

test('every other process holds to a change within a second', async () => {
  const api = await startTestApi();
  const { dispatch } = api;
  const replica = openDispatch({
    redisUrl: testRedisUrl(),
    keyPrefix: dispatch.keyPrefix,
    patience: 'patient',
    settings: () => dispatch.views().settings,
    logger: createLogger('test', 'silent'),
  });
  onTestFinished(() => replica.close());
  await replica.firstLoad();
  for (const requests of [5, 6, 7]) {
    await change(api, 'default', { requests_per_minute: requests });
    await vi.waitFor(
      () => {
        const { projects } = replica.views().settings;
        expect(projects['default']).toEqual({ requests_per_minute: requests });
      },
      { timeout: 1000, interval: 10 },
    );
  }
});

test('what the configuration says of a project is changed there alone', async () => {
  const api = await startTestApi({
    configuration: `
providers:
  main: { kind: openai, apiKey: unused }
projects: { default: { jobsWaiting: 3 } }
`,
    registered: ['main'],
  });
  const refused = await change(api, 'default', { jobs_waiting: 100 });
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain('stand in the configuration file');
  const shown = await api.call('/v1/admin/projects');
  expect(await shown.json()).toMatchObject({ data: [{ limits: { jobs_waiting: 3 } }] });
});

test.each([
  [{ jobs_waiting: 0 }],
  [{ jobs_waiting: -1 }],
  [{ spend_per_day: 'much' }],
  [{ highest_priority: 10 }],
  [{ routes: [] }],
  [{ jobsWaiting: 1 }],
  [null],
])('limits of %j are refused, and nothing is changed', async (limits) => {
  const api = await startTestApi();
  expect((await change(api, 'default', limits)).status).toBe(400);
  expect(api.dispatch.projectLimits.current()).toEqual({});
});

test('a project that is not there has no limits to change', async () => {
  const api = await startTestApi();
  for (const name of ['nobody', '__proto__', 'constructor']) {
    expect([name, (await change(api, name, { jobs_waiting: 1 })).status]).toEqual([name, 404]);
  }
  expect(api.dispatch.projectLimits.current()).toEqual({});
});
