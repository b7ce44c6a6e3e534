import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { issueKey } from '../testing/admin-calls.ts';
import { chatJob, coolDown, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import {
  explainedRouteSchema,
  providerListSchema,
  providerSchema,
} from '../schemas/provider-schemas.ts';

const post = async (api: TestApi, path: string, body?: unknown) => {
  const response = await api.call(path, {
    method: 'POST',
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, body: await response.json() };
};

async function providers(api: TestApi) {
  const response = await api.call('/v1/providers');
  return providerListSchema.parse(await response.json()).data;
}

async function states(api: TestApi, query = ''): Promise<string[]> {
  const response = await api.call(`/v1/routes/two-ways${query}`);
  const { targets } = explainedRouteSchema.parse(await response.json());
  return targets.map(({ provider, state }) => `${provider} ${state}`);
}

const waitingPlace = z.object({ waiting: z.object({ reason: z.string(), until: z.string() }) });

test('a paused provider says since when and why, and every job passes it over', async () => {
  const api = await startTestApi();
  const { status, body } = await post(api, '/v1/providers/main/pause', { reason: 'new key' });
  expect(status).toBe(200);
  const { paused } = providerSchema.parse(body);
  expect(paused).toEqual({ since: expect.any(String), reason: 'new key' });
  expect((await providers(api)).map((provider) => provider.paused)).toEqual([paused, undefined]);
  expect(await states(api)).toEqual(['main paused', 'backup open']);
  const explained = await (await api.call('/v1/routes/two-ways')).json();
  expect(explainedRouteSchema.parse(explained).targets.map((target) => target.paused)).toEqual([
    paused,
    undefined,
  ]);

  const job = await api.call(`/v1/jobs/${await submit(api)}`);
  expect(await job.json()).toMatchObject({
    attempts: [{ provider: 'main', outcome: 'skipped', rule: 'paused' }],
  });
  const stuck = await submit(api, chatJob({}, { model: 'one-way' }));
  const waiting = waitingPlace.parse(await (await api.call(`/v1/jobs/${stuck}`)).json());
  expect(waiting.waiting.reason).toBe('paused');
  const [main] = await providers(api);
  expect(main?.waiting).toEqual([{ model: 'gpt-4o', count: 1, oldest_ms: expect.any(Number) }]);

  const again = await post(api, '/v1/providers/main/pause');
  expect(providerSchema.parse(again.body).paused).toEqual(paused);
  const resumed = await post(api, '/v1/providers/main/resume');
  expect(providerSchema.parse(resumed.body).paused).toBeUndefined();
  expect(await states(api)).toEqual(['main open', 'backup open']);
});

test('a pause reaches other processes within a second', async () => {
  const api = await startTestApi();
  const { pauses, availability, clock } = api.dispatch;
  await pauses.pause('backup', clock.now());
  await vi.waitFor(
    () => expect(availability.state('backup', 'm', clock.now()).kind).toBe('paused'),
    {
      timeout: 1000,
      interval: 5,
    },
  );
  expect(await states(api)).toEqual(['main open', 'backup paused']);
});

test('clearing ends the cool-downs of a provider, and a model that cools for itself goes on', async () => {
  const api = await startTestApi();
  await coolDown(api, 'main');
  expect(await states(api)).toEqual(['main cooling_down', 'backup open']);
  const none = await post(api, '/v1/providers/main/clear-cooldown', { model: 'gpt-4o' });
  expect(providerSchema.parse(none.body).cooldowns).toHaveLength(1);
  const all = await post(api, '/v1/providers/main/clear-cooldown');
  expect(providerSchema.parse(all.body).cooldowns).toEqual([]);
  expect(await states(api)).toEqual(['main open', 'backup open']);
});

test('a provider that nobody configured is 404 and names the one that was meant', async () => {
  const api = await startTestApi();
  for (const action of ['pause', 'resume', 'clear-cooldown']) {
    const { status, body } = await post(api, `/v1/providers/bakcup/${action}`);
    expect([status, JSON.stringify(body)]).toEqual([404, expect.stringContaining('backup')]);
  }
  const { status } = await post(api, '/v1/providers/constructor/pause');
  expect(status).toBe(404);
});

test('only an administrator pauses, and half a character is no reason', async () => {
  const api = await startTestApi();
  const { headers } = await issueKey(api, { scopes: ['read', 'submit'] });
  const refused = await api.call('/v1/providers/main/pause', { method: 'POST', headers });
  expect(refused.status).toBe(403);
  const torn = await post(api, '/v1/providers/main/pause', '{"reason":"\\ud800"}');
  expect(torn.status).toBe(400);
  expect(await states(api)).toEqual(['main open', 'backup open']);
});

test('explain shows what would happen without some providers, and changes nothing', async () => {
  const api = await startTestApi();
  expect(await states(api, '?without=main')).toEqual(['main down', 'backup open']);
  expect(await states(api, '?without=main,%20backup')).toEqual(['main down', 'backup down']);
  expect(await states(api)).toEqual(['main open', 'backup open']);
  const unknown = await api.call('/v1/routes/two-ways?without=mian,backup,x');
  expect(unknown.status).toBe(400);
  const text = await unknown.text();
  expect(JSON.parse(text).error.message).toContain(
    '"mian": did you mean "main"?; "x": known are backup, main',
  );
  expect(text).toContain('"param":"without"');
});

test('a provider shows its use: turns that run, calls of the last minute, and who waits how long', async () => {
  const api = await startTestApi();
  await submit(api);
  const [main, backup] = await providers(api);
  expect(main).toMatchObject({
    concurrency: 16,
    in_use: 0,
    requests_last_minute: 0,
    queue: { waiting: 1, active: 0, oldest_ms: expect.any(Number) },
  });
  expect(backup?.queue).toEqual({ waiting: 0, active: 0, resting: 0 });
});
