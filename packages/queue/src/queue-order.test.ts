import { expect, test } from 'vitest';
import { orderNumber, orderNumberOnReturn } from './order-number.ts';
import { collect, openQueue } from './testing/served-queue.ts';

const noon = Date.UTC(2026, 10, 22, 12);

async function servedInOrder(added: readonly (readonly [string, number])[]): Promise<string[]> {
  const queue = openQueue();
  for (const [id, order] of added) await queue.add(id, order);
  const served = collect<string>(added.length);
  await queue.serve(({ id }) => served.push(id));
  return served.all;
}

test('a higher priority is served first, whenever it came', async () => {
  const served = await servedInOrder([
    ['low', orderNumber(8, noon)],
    ['normal', orderNumber(5, noon)],
    ['first', orderNumber(0, noon + 5000)],
    ['high', orderNumber(2, noon + 5000)],
  ]);
  expect(served).toEqual(['first', 'high', 'normal', 'low']);
});

test('within a priority and a second, first come is first served', async () => {
  const ids = Array.from({ length: 30 }, (_, index) => `job_${index}`);
  const served = await servedInOrder(ids.map((id) => [id, orderNumber(5, noon)]));
  expect(served).toEqual(ids);
});

test('a job that fell through goes before all that were submitted after it', async () => {
  const served = await servedInOrder([
    ['earlier', orderNumber(5, noon - 1000)],
    ['same-second', orderNumber(5, noon)],
    ['later', orderNumber(5, noon + 1000)],
    ['fell-through', orderNumberOnReturn(orderNumber(5, noon))],
  ]);
  expect(served).toEqual(['earlier', 'fell-through', 'same-second', 'later']);
});
