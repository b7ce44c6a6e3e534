import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

test('so many items are worked on at a time, and results are in their order', async () => {
  let [now, most] = [0, 0];
  const results = await inParallel([30, 20, 10, 5, 1], 2, async (waitMs) => {
    now += 1;
    most = Math.max(most, now);
    await sleep(waitMs);
    now -= 1;
    return waitMs * 2;
  });
  expect(results).toEqual([60, 40, 20, 10, 2]);
  expect(most).toBe(2);
});

test('an item that is undefined is an item, and no item is no work', async () => {
  expect(await inParallel([undefined, undefined], 3, async () => 'done')).toEqual(['done', 'done']);
  expect(await inParallel([], 3, async () => 'done')).toEqual([]);
});

test('work that fails is told', async () => {
  const failing = inParallel([1, 2], 1, async () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
});
