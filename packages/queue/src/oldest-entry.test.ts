import { expect, test } from 'vitest';
import { oldestEntryAt } from './oldest-entry.ts';
import { openLine } from './testing/line.ts';
import { openQueue } from './testing/served-queue.ts';

test('the oldest of those first in line is found at whichever priority it waits', async () => {
  const queue = openQueue();
  const line = openLine(queue);
  const oldest = () => oldestEntryAt(queue.redis, queue.prefix, 'a');
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
