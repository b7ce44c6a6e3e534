import { expect, test } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { createPauses } from './pauses.ts';

const NOON = Date.UTC(2026, 10, 22, 12);

test('a pause holds until it is ended, and keeps its beginning however often it is said', async () => {
  const pauses = createPauses(openTestRedis(), uniqueKeyPrefix());
  expect(await pauses.read(['a'])).toEqual([]);
  expect(await pauses.pause('a', NOON)).toMatchObject({
    changed: true,
    pause: { provider: 'a', paused: true, since: NOON },
  });
  const again = await pauses.pause('a', NOON + 1000, 'invoices');
  expect(again).toMatchObject({ changed: false, pause: { since: NOON, reason: 'invoices' } });
  expect(await pauses.pause('a', NOON + 2000)).toMatchObject({ pause: { reason: 'invoices' } });
  expect(await pauses.read(['b', 'a'])).toMatchObject([{ provider: 'a', paused: true }]);

  const ended = await pauses.resume('a', NOON + 3000);
  expect(ended).toMatchObject({ changed: true, pause: { paused: false, since: NOON + 3000 } });
  expect(ended.pause.reason).toBeUndefined();
  expect(await pauses.resume('a', NOON + 4000)).toMatchObject({
    changed: false,
    pause: { since: NOON + 3000 },
  });
  expect(ended.pause.revision).toBeGreaterThan(again.pause.revision);
});
