import { expect, test } from 'vitest';
import { oldestEntries, oldestEntryAt } from './oldest-entry.ts';
import { NOON, openLine } from './testing/line.ts';
import { openQueue } from './testing/served-queue.ts';

test('the oldest of those first in line is found at whichever priority it waits', async () => {
  const queue = openQueue();
  const line = openLine(queue);
  const oldest = async () => oldestEntryAt(await oldestEntries(queue.redis, queue.prefix, 'a'));
  expect(await oldest()).toBeUndefined();

  const before = Date.now();
  await line.join({ id: 'low', priority: 8 });
  const first = await oldest();
  expect(first).toBeGreaterThanOrEqual(before);
  expect(first).toBeLessThanOrEqual(Date.now());

  await line.join({ id: 'high', priority: 2 });
  expect(await oldest()).toBe(first);
  expect(await line.serve(1)).toEqual(['high']);
  expect(await oldest()).toBe(first);
  await line.serve(1);
  expect(await oldest()).toBeUndefined();
});

test('each is told with the priority with which it came, also once it has risen', async () => {
  const queue = openQueue();
  const line = openLine(queue);
  const priorities = async () =>
    (await oldestEntries(queue.redis, queue.prefix, 'a')).map(({ priority }) => priority);
  await line.join({ id: 'first', priority: 0 });
  await line.join({ id: 'last', priority: 9 });
  await line.join({ id: 'line', priority: 8 });
  await line.join({ id: 'normal', priority: 5 });
  expect(await priorities()).toEqual([0, 5, 8, 9]);

  const risen = { project: 'acme', id: 'line', turn: 1 };
  const place = { project: 'acme', priority: 5, submittedAt: NOON, comesBack: true };
  await queue.producer.rise('a', risen, place);
  expect((await line.order()).indexOf('line')).toBeLessThan(3);
  expect((await priorities()).toSorted((one, other) => one - other)).toEqual([0, 5, 8, 9]);
});
