import { createLogger } from '@understudy/runtime';
import { expect, test } from 'vitest';
import { createKeyHasher, isVerifiedBy } from './key-hash.ts';
import { createApiKeys } from './api-keys.ts';
import { API_KEY, startTestApi } from '../testing/start-test-api.ts';
import { matchingKeys } from '../../../../test/support/matching-keys.ts';

const PEPPER = 'a-pepper-of-thirty-two-characters';

/** A logger that keeps its warnings. */
function listeningLogger() {
  const warnings: string[] = [];
  const logger = createLogger('test', 'silent');
  logger.warn = (...said: unknown[]) => void warnings.push(said.join(' '));
  return { logger, warnings };
}

test('processes that share a Redis hash alike, also when they start together', async () => {
  const { dispatch } = await startTestApi();
  const { redis, keyPrefix, logger } = dispatch;
  const hashers = Array.from({ length: 5 }, () =>
    createKeyHasher(redis, `${keyPrefix}-fresh`, undefined, logger),
  );
  const hashes = await Promise.all(hashers.map((hasher) => hasher.hash(API_KEY)));
  expect(new Set(hashes.map((hash) => JSON.stringify(hash))).size).toBe(1);
});

test('a key is verified by both halves of its hash under one pepper', async () => {
  const { dispatch } = await startTestApi();
  const { redis, keyPrefix, logger } = dispatch;
  const hasher = createKeyHasher(redis, keyPrefix, PEPPER, logger);
  const hash = await hasher.hash('one key');
  expect(isVerifiedBy(hash, (await hasher.hash('one key')).verifier)).toBe(true);
  expect(isVerifiedBy(hash, (await hasher.hash('another key')).verifier)).toBe(false);
  expect(isVerifiedBy(hash, '')).toBe(false);
  expect(isVerifiedBy(hash, hash.verifier.slice(0, -2))).toBe(false);
  const other = await createKeyHasher(redis, keyPrefix, `${PEPPER}!`, logger).hash('one key');
  expect(other.selector).not.toBe(hash.selector);
  expect(isVerifiedBy(other, hash.verifier)).toBe(false);
});

test('a record that was put under the name of a key opens nothing without its verifier', async () => {
  const { dispatch, parts } = await startTestApi();
  const { redis, keyPrefix } = dispatch;
  const [record = ''] = await matchingKeys(redis, `${keyPrefix}:{api-keys}:key:*`);
  const stored = JSON.parse((await redis.get(record)) ?? '') as object;
  for (const verifier of ['00'.repeat(16), '']) {
    await redis.set(record, JSON.stringify({ ...stored, verifier }));
    const fresh = createApiKeys(dispatch);
    expect(await fresh.find(API_KEY)).toBeUndefined();
  }
  expect(parts.keys.hasEnvironmentKey()).toBe(true);
});

test('a pepper of the environment stands nowhere in Redis, and another one is told of', async () => {
  const { dispatch } = await startTestApi();
  const { redis, keyPrefix, clock } = dispatch;
  const prefix = `${keyPrefix}-peppered`;
  const { logger, warnings } = listeningLogger();
  const open = (pepper: string) =>
    createApiKeys({ redis, keyPrefix: prefix, clock, logger, pepper });
  await open(PEPPER).registerEnvironmentKey(API_KEY);
  expect(await open(PEPPER).find(API_KEY)).toBeDefined();
  expect(warnings).toEqual([]);
  const names = await matchingKeys(redis, `${prefix}:*`);
  expect(names).not.toContain(`${prefix}:{api-keys}:pepper`);
  const dumps = await Promise.all(names.map((name) => redis.dumpBuffer(name)));
  expect(dumps.join()).not.toContain(PEPPER);

  expect(await open(`${PEPPER}!`).find(API_KEY)).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining('UNDERSTUDY_KEY_PEPPER')]);
});

test('a Redis that comes back empty learns the key of the environment again', async () => {
  const { dispatch, parts } = await startTestApi();
  const { redis, keyPrefix } = dispatch;
  expect(await parts.keys.find(API_KEY)).toBeDefined();
  const names = await matchingKeys(redis, `${keyPrefix}:{api-keys}*`);
  await redis.del(...names);
  redis.disconnect(true);
  await expect
    .poll(() => parts.keys.find(API_KEY).catch(() => undefined), { timeout: 4000 })
    .toMatchObject({ id: 'key_environment' });
  // Under what Redis keeps now, not under what this process once knew.
  await expect
    .poll(() => createApiKeys(dispatch).find(API_KEY), { timeout: 4000 })
    .toMatchObject({ id: 'key_environment' });
});
