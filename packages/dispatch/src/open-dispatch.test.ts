import { createLogger } from '@understudy/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { testRedisUrl } from '../../../test/support/redis.ts';
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
