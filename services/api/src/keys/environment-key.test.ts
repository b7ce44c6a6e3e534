import { once } from 'node:events';
import { createLogger, openRedis } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { matchingKeys } from '../../../../test/support/matching-keys.ts';
import { testRedisUrl } from '../../../../test/support/redis.ts';
import { buildApp } from '../app.ts';
import { API_KEY, startTestApi } from '../testing/start-test-api.ts';
import { createApiKeys } from './api-keys.ts';
import type { ApiKeys } from './api-keys.ts';
import { registerKey } from './environment-key.ts';
import type { EnvironmentKey } from './environment-key.ts';

const ANOTHER_KEY = 'another-key-for-tests';
const logger = createLogger('api-test', 'silent');

/** Registers as `keys` do, except while `isSlow` says that Redis does not answer in time. */
function slowly(keys: ApiKeys, isSlow: () => boolean): ApiKeys {
  return {
    ...keys,
    registerEnvironmentKey: (key) =>
      isSlow() ? Promise.reject(new Error('Command timed out')) : keys.registerEnvironmentKey(key),
  };
}

test('a key that Redis was too slow to take is registered at the next try', async () => {
  const { parts, dispatch } = await startTestApi();
  let tries = 0;
  const keys = slowly(parts.keys, () => (tries += 1) === 1);
  const key = await registerKey(dispatch.redis, keys, ANOTHER_KEY, logger);
  await expect.poll(() => key.isRegistered(), { timeout: 4000 }).toBe(true);
  expect(await parts.keys.find(ANOTHER_KEY)).toMatchObject({ project: 'default' });
});

test('a Redis that was away may have lost the key, which is registered again', async () => {
  const { parts, dispatch } = await startTestApi();
  let isSlow = false;
  const keys = slowly(parts.keys, () => isSlow);
  const key = await registerKey(dispatch.redis, keys, ANOTHER_KEY, logger);
  await expect.poll(() => key.isRegistered(), { timeout: 4000 }).toBe(true);
  isSlow = true;
  dispatch.redis.disconnect(true);
  await expect.poll(() => key.isRegistered(), { timeout: 4000 }).toBe(false);
  isSlow = false;
  await expect.poll(() => key.isRegistered(), { timeout: 4000 }).toBe(true);
});

/** Breaks the connection and waits until the key was looked after again. */
async function reconnect(redis: Redis, key: EnvironmentKey): Promise<void> {
  const lost = once(redis, 'close');
  redis.disconnect(true);
  await lost;
  expect(key.isRegistered()).toBe(false);
  await expect.poll(() => key.isRegistered(), { timeout: 4000 }).toBe(true);
}

test('a process whose key was changed meanwhile does not bring it back by a reconnect', async () => {
  const { parts, dispatch } = await startTestApi();
  const { redis, keyPrefix, clock } = dispatch;
  const other = openRedis(testRedisUrl(), 'request', logger);
  onTestFinished(() => other.disconnect());
  await once(other, 'ready');
  const newer = createApiKeys({ redis: other, keyPrefix, clock, logger });
  const newKey = await registerKey(other, newer, ANOTHER_KEY, logger);
  for (const [connection, key] of [
    [redis, parts.environmentKey],
    [other, newKey],
    [redis, parts.environmentKey],
  ] as const) {
    await reconnect(connection, key);
    const keys = createApiKeys({ redis: other, keyPrefix, clock, logger });
    expect(await keys.find(ANOTHER_KEY)).toMatchObject({ id: 'key_environment' });
    expect(await keys.find(API_KEY)).toBeUndefined();
  }
  const { keys: listed } = await newer.managed.list({ limit: 10 });
  expect(listed.map(({ stored }) => stored.id)).toEqual(['key_environment']);
});

test('a key that was revoked keeps no other one out, nor does an empty Redis', async () => {
  const { parts, dispatch } = await startTestApi();
  const { redis, keyPrefix, clock } = dispatch;
  const keys = createApiKeys({ redis, keyPrefix, clock, logger });
  const register = () => keys.registerEnvironmentKey(ANOTHER_KEY);
  expect(await register()).toBe(true);
  const later = createApiKeys({ redis, keyPrefix, clock, logger });
  expect(await later.registerEnvironmentKey(API_KEY)).toBe(true);
  expect(await register()).toBe(false);
  expect(await keys.find(ANOTHER_KEY)).toBeUndefined();
  await parts.keys.managed.revoke('key_environment');
  expect(await register()).toBe(true);
  expect(await keys.find(ANOTHER_KEY)).toBeDefined();

  await redis.del(await matchingKeys(redis, `${keyPrefix}:{api-keys}*`));
  expect(await register()).toBe(true);
  expect(await keys.find(ANOTHER_KEY)).toBeDefined();
});

test('a key that was changed is not brought back by a Redis that lost the change', async () => {
  const { dispatch } = await startTestApi();
  const { redis, keyPrefix, clock } = dispatch;
  const names = await matchingKeys(redis, `${keyPrefix}:{api-keys}*`);
  const snapshot = await Promise.all(
    names.map(async (name) => ({ name, dump: await redis.dumpBuffer(name) })),
  );
  const other = openRedis(testRedisUrl(), 'request', logger);
  onTestFinished(() => other.disconnect());
  await once(other, 'ready');
  const newer = createApiKeys({ redis: other, keyPrefix, clock, logger });
  const newKey = await registerKey(other, newer, ANOTHER_KEY, logger);

  await other.del(await matchingKeys(other, `${keyPrefix}:{api-keys}*`));
  for (const { name, dump } of snapshot) await other.restore(name, 0, dump);
  await reconnect(other, newKey);
  const keys = createApiKeys({ redis: other, keyPrefix, clock, logger });
  expect(await keys.find(ANOTHER_KEY)).toMatchObject({ id: 'key_environment' });
  expect(await keys.find(API_KEY)).toBeUndefined();
});

test('a process that starts has its key taken though a clock was ahead when the one before was', async () => {
  const { parts, dispatch } = await startTestApi();
  const { redis, keyPrefix, clock } = dispatch;
  const slow = { ...clock, now: () => clock.now() - 3_600_000 };
  const keys = createApiKeys({ redis, keyPrefix, clock: slow, logger });
  expect(await keys.registerEnvironmentKey(ANOTHER_KEY)).toBe(true);
  expect(await parts.keys.registerEnvironmentKey(API_KEY)).toBe(false);
  expect(await keys.registerEnvironmentKey(ANOTHER_KEY)).toBe(true);
  expect(await keys.find(ANOTHER_KEY)).toMatchObject({ scopes: expect.arrayContaining(['admin']) });
});

test('until it is registered an unknown key hears 503, and nobody without a key is let in', async () => {
  const { parts } = await startTestApi();
  const app = await buildApp({ ...parts, environmentKey: { isRegistered: () => false } });
  const early = await app.inject({ url: '/v1/jobs', headers: { 'x-api-key': ANOTHER_KEY } });
  expect(early.statusCode).toBe(503);
  expect(early.headers['retry-after']).toBe('1');
  expect((await app.inject('/v1/jobs')).statusCode).toBe(401);
  await app.close();
});
