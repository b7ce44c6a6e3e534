import { expect, test } from 'vitest';
import { openTestRedis, openTestSubscriber, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { createStaleNameView } from './stale-name-view.ts';
import { createStaleNames } from './stale-names.ts';
import type { StaleNames } from './stale-names.ts';
import { NOON } from './testing/cooled-target.ts';
import { subscribeToMarks } from './testing/heard-marks.ts';

const RULE = 'default.code_model_not_found';
const miss = { provider: 'a', model: 'm', now: NOON, callStartedAt: NOON, rule: RULE };

/** Two processes: one that reports, and what another one sees. */
async function watch(given: { read?: StaleNames['read'] } = {}) {
  const prefix = uniqueKeyPrefix();
  const names = createStaleNames(openTestRedis(), prefix);
  const subscriber = openTestSubscriber();
  const view = createStaleNameView({ ...names, ...given }, subscriber, prefix);
  const heard = await subscribeToMarks(subscriber, prefix);
  return { names, view, heard, prefix };
}

test('a name that another process found missing is known by its message, and rests its time', async () => {
  const { names, view, heard } = await watch();
  expect(view.entry('a', 'm')).toBeUndefined();
  const entry = await names.reportMissing(miss);
  await heard();
  expect(view.entry('a', 'm')).toEqual(entry);
  expect(view.resting('a', 'm', NOON + 59_999)).toEqual(entry);
  expect(view.resting('a', 'm', NOON + 60_000)).toBeUndefined();
  expect(view.entries('a')).toEqual([entry]);
  expect([view.entry('a', 'other'), view.entry('b', 'm')]).toEqual([undefined, undefined]);
});

test('a success in another process makes the name known again at once', async () => {
  const { names, view, heard } = await watch();
  await names.reportMissing(miss);
  await names.reportMissing({ ...miss, model: 'other' });
  await heard();
  await names.forget('a', 'm');
  await heard();
  expect(view.entries('a').map(({ model }) => model)).toEqual(['other']);
});

test('a process that starts later reads what it missed, and forgets what is gone', async () => {
  const { names, prefix } = await watch();
  const entry = await names.reportMissing(miss);
  const late = createStaleNameView(names, openTestSubscriber(), prefix);
  await late.reload(['a', 'b']);
  expect(late.entry('a', 'm')).toEqual(entry);
  late.apply({ provider: 'a', model: 'gone', stale: { ...entry, model: 'gone' } });
  await late.reload(['a']);
  expect(late.entries('a')).toEqual([entry]);
});

test('what was read before a message came does not overwrite it', async () => {
  const reading = Promise.withResolvers<void>();
  const { names, view, heard } = await watch({
    read: async () => {
      await reading.promise;
      return [];
    },
  });
  const reload = view.reload(['a']);
  const entry = await names.reportMissing(miss);
  await heard();
  reading.resolve();
  await reload;
  expect(view.entry('a', 'm')).toEqual(entry);
});
