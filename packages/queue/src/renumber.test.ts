import { expect, test } from 'vitest';
import { createFairNumbers } from './fair-numbers.ts';
import { NUMBERS_PER_PRIORITY, firstNumber } from './priority-numbers.ts';
import { openLine } from './testing/line.ts';
import type { Line } from './testing/line.ts';
import { openQueue } from './testing/served-queue.ts';
import type { ServedQueue } from './testing/served-queue.ts';

const MIDDLE = Math.floor(NUMBERS_PER_PRIORITY / 6) * 3;
const LAP = 3;

/** A line at priority 5 whose laps have come this far, as hundreds of thousands of jobs take it. */
async function lineAt(position: number): Promise<{ queue: ServedQueue; line: Line }> {
  const queue = openQueue();
  await queue.redis.hset(`${queue.prefix}:{a}:shares:5`, { base: 0, top: position });
  return { queue, line: openLine(queue) };
}

async function joinMany(
  line: Line,
  project: string,
  from: number,
  count: number,
): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${project}-${from + index}`);
  for (const id of ids) await line.join({ id, project });
  return ids;
}

/** As the scheduler does, again and again. */
async function renumberToTheEnd({ producer }: ServedQueue): Promise<number> {
  let moved = 0;
  for (let times = 0; times < 3; times += 1) moved += await producer.renumber('a');
  return moved;
}

test('nothing moves before the first waiting turn has passed the middle', async () => {
  const { queue, line } = await lineAt(MIDDLE - 5 * LAP);
  await joinMany(line, 'acme', 1, 40);
  expect(await renumberToTheEnd(queue)).toBe(0);
});

test('turns that move keep their order, and those that come meanwhile find their place', async () => {
  const { queue, line } = await lineAt(MIDDLE);
  const flood = Array.from({ length: 2500 }, (_, index) => `flood-${index + 1}`);
  await line.joinTogether(flood.map((id) => ({ id, project: 'flood' })));
  const [moved, more] = await Promise.all([
    queue.producer.renumber('a'),
    joinMany(line, 'flood', 2501, 200),
    line.join({ id: 'single', project: 'calm' }),
  ]);
  expect(moved).toBeGreaterThanOrEqual(2500);
  await renumberToTheEnd(queue);
  expect(await line.order()).toEqual(['single', ...flood, ...more]);
  const number = await line.join({ id: 'late', project: 'flood' });
  expect(number).toBeLessThan(firstNumber(5) + MIDDLE);
  expect((await line.order()).at(-1)).toBe('late');
});

test('a number that was taken before the move and is used after it keeps its place', async () => {
  const { queue, line } = await lineAt(MIDDLE);
  const place = { project: 'acme', priority: 5, submittedAt: 0, comesBack: false };
  await line.join({ id: 'first' });
  const taken = await createFairNumbers(queue.redis, queue.prefix).take('a', place);
  await queue.producer.renumber('a');
  await queue.add('straggler', taken);
  await joinMany(line, 'acme', 1, 20);
  await renumberToTheEnd(queue);
  expect((await line.order()).slice(0, 2)).toEqual(['first', 'straggler']);
});

test('an empty line starts its numbers again as well', async () => {
  const { queue, line } = await lineAt(MIDDLE + LAP);
  await renumberToTheEnd(queue);
  expect(await line.join({ id: 'next' })).toBeLessThan(firstNumber(5) + 2 * LAP);
});

test('at the end of its numbers a priority stays among its own, first come first served', async () => {
  const { line } = await lineAt(2 * MIDDLE - 2 * LAP);
  const ids = [];
  for (let index = 0; index < 60; index += 1) {
    ids.push(`job-${index}`);
    const number = await line.join({ id: `job-${index}` });
    expect(number).toBeLessThan(firstNumber(6));
  }
  expect(await line.order()).toEqual(ids);
});
