import type { Settings } from '@understudy/configuration';
import { settingsOf } from '@understudy/routing/testing';
import { createLogger } from '@understudy/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { startLocalServer } from '../../../test/support/local-redis.ts';
import { listenAsOldRedis } from '../../../test/support/old-redis.ts';
import { testRedisUrl, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { openDispatch } from './open-dispatch.ts';
import { openDispatchScene } from './testing/dispatch-scene.ts';

test('a process that starts late plans by the stale names that were found before', async () => {
  const { dispatch } = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const now = dispatch.clock.now();
  const report = { provider: 'a', model: 'm-at-a', now, callStartedAt: now, rule: 'default.any' };
  const stale = await dispatch.staleNames.reportMissing(report);

  const late = openDispatch({
    redisUrl: testRedisUrl(),
    keyPrefix: dispatch.keyPrefix,
    patience: 'patient',
    settings: () => dispatch.views().settings,
    logger: createLogger('test', 'silent'),
  });
  onTestFinished(() => late.close());
  await late.firstLoad();
  expect(late.views().staleName('a', 'm-at-a', now)).toEqual(stale);
  expect(late.views().staleName('a', 'm-at-a', stale.until)).toBeUndefined();
});

/** Why this Redis is refused; undefined where it is taken. */
function refusalOf(
  redisUrl: string,
  durability: Settings['redis']['durability'],
): Promise<string | undefined> {
  const settings = settingsOf([], {});
  const refused = Promise.withResolvers<string>();
  const opened = openDispatch({
    redisUrl,
    keyPrefix: uniqueKeyPrefix(),
    patience: 'patient',
    settings: () => ({ ...settings, redis: { ...settings.redis, durability } }),
    logger: createLogger('test', 'silent'),
    refuse: refused.resolve,
  });
  onTestFinished(() => opened.close());
  return Promise.race([refused.promise, opened.firstLoad().then(() => undefined)]);
}

test('a Redis that is too old is refused, whatever the operator answers for', async () => {
  const url = await listenAsOldRedis();
  for (const durability of ['checked', 'assumed'] as const) {
    expect(await refusalOf(url, durability)).toMatch(/^(?!.*assumed).*older than Redis 7\.0/);
  }
});

test.each([
  ['keeps nothing', ['--appendonly', 'no']],
  ['forbids CONFIG, as managed ones do', ['--rename-command', 'CONFIG', '']],
])('a Redis that %s is refused, unless the operator answers for it', async (_what, args) => {
  const server = await startLocalServer(args);
  onTestFinished(() => server.stop());
  expect(await refusalOf(server.url, 'checked')).toContain('durability: assumed');
  expect(await refusalOf(server.url, 'assumed')).toBeUndefined();
});
