import { createLogger } from '@understudy/runtime';
import { expect, test } from 'vitest';
import { buildApp } from '../app.ts';
import { startTestApi } from '../testing/start-test-api.ts';
import type { ApiKeys } from './api-keys.ts';
import { registerKey } from './environment-key.ts';

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

test('until it is registered an unknown key hears 503, and nobody without a key is let in', async () => {
  const { parts } = await startTestApi();
  const app = await buildApp({ ...parts, environmentKey: { isRegistered: () => false } });
  const early = await app.inject({ url: '/v1/jobs', headers: { 'x-api-key': ANOTHER_KEY } });
  expect(early.statusCode).toBe(503);
  expect(early.headers['retry-after']).toBe('1');
  expect((await app.inject('/v1/jobs')).statusCode).toBe(401);
  await app.close();
});
