import { expect, test } from 'vitest';
import { NOON, openLine } from './testing/line.ts';
import type { Joining } from './testing/line.ts';
import { collect, openQueue } from './testing/served-queue.ts';

async function servedInOrder(joined: readonly Joining[]): Promise<string[]> {
  const queue = openQueue();
  const line = openLine(queue);
  for (const joining of joined) await line.join(joining);
  const served = collect<string>(joined.length);
  await queue.serve(({ id }) => served.push(id));
  return served.all;
}

test('a higher priority is served first, whenever it came', async () => {
  const served = await servedInOrder([
    { id: 'low', priority: 8 },
    { id: 'normal' },
    { id: 'first', priority: 0, submittedAt: NOON + 5000 },
    { id: 'high', priority: 2, submittedAt: NOON + 5000 },
  ]);
  expect(served).toEqual(['first', 'high', 'normal', 'low']);
});

test('within a priority, first come is first served', async () => {
  const ids = Array.from({ length: 30 }, (_, index) => `job_${index}`);
  expect(await servedInOrder(ids.map((id) => ({ id })))).toEqual(ids);
});

test('a job that fell through goes before all that were submitted after it', async () => {
  const earlier = Array.from({ length: 4 }, (_, index) => ({ id: `earlier-${index}` }));
  const later = Array.from({ length: 4 }, (_, index) => ({
    id: `later-${index}`,
    submittedAt: NOON + 2000,
  }));
  const fellThrough = { id: 'fell-through', submittedAt: NOON + 1000, comesBack: true };
  const served = await servedInOrder([...earlier, ...later, fellThrough]);
  expect(served).toEqual([...earlier, fellThrough, ...later].map(({ id }) => id));
});

test('a project that joins is served next, and a worker sees the turns of both', async () => {
  const flood = Array.from({ length: 12 }, (_, index) => ({ id: `flood-${index}` }));
  const calm = Array.from({ length: 5 }, (_, index) => ({ id: `calm-${index}`, project: 'calm' }));
  const served = await servedInOrder([...flood, ...calm]);
  expect(served.map((id) => id[0]).join('')).toBe('ccccffffffffcffff');
});

test('turns that rise go before the later ones of their project, and share with other projects', async () => {
  const queue = openQueue();
  const line = openLine(queue);
  const old = Array.from({ length: 20 }, (_, index) => `old-${index}`);
  await line.joinTogether(old.map((id) => ({ id, priority: 8 })));
  await line.join({ id: 'later', submittedAt: NOON + 5000 });
  const calm = Array.from({ length: 8 }, (_, index) => ({ id: `calm-${index}`, project: 'calm' }));
  await line.joinTogether(calm);
  const place = { project: 'acme', priority: 5, submittedAt: NOON, comesBack: true };
  for (const entry of await queue.producer.first('a', 8, 50)) {
    await queue.producer.rise('a', entry, place);
  }
  const order = await line.order();
  expect(order.filter((id) => id.startsWith('old'))).toEqual(old);
  expect(order.indexOf('later')).toBeGreaterThanOrEqual(order.indexOf('old-3'));
  expect(order.indexOf('calm-7')).toBeLessThanOrEqual(8 + 8 + 4);
});

test('the turns of a priority are read page by page, and none of another', async () => {
  const queue = openQueue();
  const line = openLine(queue);
  const ids = Array.from({ length: 20 }, (_, index) => `normal-${index}`);
  await line.joinTogether(ids.map((id) => ({ id })));
  for (const priority of [0, 4, 6, 9]) await line.join({ id: `other-${priority}`, priority });
  const pages: string[][] = [];
  for (let after = 0; after < 32; after += 8) {
    const page = await queue.producer.first('a', 5, 8, after);
    pages.push(page.map(({ id }) => id));
  }
  expect(pages).toEqual([ids.slice(0, 8), ids.slice(8, 16), ids.slice(16), []]);
  expect(await queue.producer.first('a', 9, 8)).toEqual([
    { project: 'acme', id: 'other-9', turn: 1 },
  ]);
  expect(await queue.producer.first('a', 7, 8)).toEqual([]);
  expect(await queue.producer.first('b', 5, 8)).toEqual([]);
});

test('a turn that was fetched does not rise', async () => {
  const queue = openQueue();
  const line = openLine(queue);
  await line.join({ id: 'job_1', priority: 8 });
  const [entry] = await queue.producer.first('a', 8, 1);
  const place = { project: 'acme', priority: 5, submittedAt: NOON, comesBack: true };
  const served = collect<string>(1);
  await queue.serve(async ({ id }) => {
    await queue.producer.rise('a', entry ?? { project: '', id: '', turn: 0 }, place);
    served.push(id);
  });
  expect(await served.all).toEqual(['job_1']);
  await expect
    .poll(() => queue.producer.counts('a'))
    .toEqual({ waiting: 0, active: 0, resting: 0 });
});
