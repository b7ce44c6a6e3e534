import {
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  integer,
  record,
  tuple,
} from 'fast-check';
import { expect, test } from 'vitest';
import { openLine, NOON } from './testing/line.ts';
import type { Line } from './testing/line.ts';
import { openQueue } from './testing/served-queue.ts';

/** Jobs of a project between those of another, as documented. */
const PER_LAP = 4;

async function joinMany(line: Line, project: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${project}-${index + 1}`);
  for (const id of ids) await line.join({ id, project });
  return ids;
}

test('a project alone is served first come, first served', async () => {
  const line = openLine(openQueue());
  const ids = await joinMany(line, 'acme', 50);
  expect(await line.order()).toEqual(ids);
});

test('a project that had nothing waiting goes before the whole flood of another', async () => {
  const line = openLine(openQueue());
  const flood = await joinMany(line, 'flood', 200);
  await line.join({ id: 'single', project: 'calm' });
  expect(await line.order()).toEqual(['single', ...flood]);
});

test('it goes first also when the flood is half served', async () => {
  const line = openLine(openQueue());
  await joinMany(line, 'flood', 200);
  await line.serve(101);
  await line.join({ id: 'single', project: 'calm' });
  expect((await line.order())[0]).toBe('single');
});

test('two floods take turns, and neither is ahead by more than a lap', async () => {
  const line = openLine(openQueue());
  const [first, second] = [await joinMany(line, 'one', 60), await joinMany(line, 'two', 60)];
  const order = await line.order();
  expect(order.filter((id) => id.startsWith('one'))).toEqual(first);
  expect(order.filter((id) => id.startsWith('two'))).toEqual(second);
  let ahead = 0;
  for (const id of order) {
    ahead += id.startsWith('one') ? 1 : -1;
    expect(Math.abs(ahead)).toBeLessThanOrEqual(PER_LAP);
  }
});

test('a project that joins late does not make up for the time it was away', async () => {
  const line = openLine(openQueue());
  await joinMany(line, 'early', 400);
  await line.serve(200);
  await joinMany(line, 'late', 100);
  const next = (await line.order()).slice(0, 80);
  expect(next.filter((id) => id.startsWith('early')).length).toBeGreaterThanOrEqual(40 - PER_LAP);
});

test('a higher priority goes before every turn of a lower one', async () => {
  const line = openLine(openQueue());
  await joinMany(line, 'flood', 20);
  await line.join({ id: 'low', project: 'calm', priority: 8 });
  await line.join({ id: 'high', project: 'flood', priority: 2 });
  const order = await line.order();
  expect([order[0], order.at(-1)]).toEqual(['high', 'low']);
});

test('a job that comes back goes before those of its project that were submitted in its second or later', async () => {
  const line = openLine(openQueue());
  for (let second = 0; second < 40; second += 1) {
    await line.join({ id: `at-${second}`, submittedAt: NOON + 1000 * second });
  }
  await line.join({ id: 'back', submittedAt: NOON + 19_500, comesBack: true });
  const order = await line.order();
  const place = order.indexOf('back');
  expect(place).toBeLessThanOrEqual(order.indexOf('at-19'));
  // Seconds are kept, but not inside a lap.
  expect(place).toBeGreaterThan(order.indexOf(`at-${18 - PER_LAP}`));
});

test('a job that comes back after everything else of its project goes to the end', async () => {
  const line = openLine(openQueue());
  const ids = await joinMany(line, 'acme', 10);
  await line.join({ id: 'back', submittedAt: NOON + 1000, comesBack: true });
  expect(await line.order()).toEqual([...ids, 'back']);
});

test('jobs that come back in masses share with another project like any other', async () => {
  const line = openLine(openQueue());
  await line.join({ id: 'later', project: 'flood', submittedAt: NOON + 1000 });
  const calm = await joinMany(line, 'calm', 20);
  for (let index = 0; index < 200; index += 1) {
    await line.join({ id: `back-${index}`, project: 'flood', comesBack: true });
  }
  const order = await line.order();
  // The calm one's last job waits for as many of the other, and for no more than a lap beside.
  expect(order.indexOf(calm.at(-1) ?? '')).toBeLessThanOrEqual(40 + PER_LAP);
});

test('jobs that come back are paid for by those of their project that follow', async () => {
  const line = openLine(openQueue());
  await joinMany(line, 'calm', 100);
  for (const id of ['f1', 'f2'])
    await line.join({ id, project: 'flood', submittedAt: NOON + 9000 });
  for (let index = 0; index < 20; index += 1) {
    await line.join({ id: `back-${index}`, project: 'flood', comesBack: true });
  }
  await line.join({ id: 'f3', project: 'flood', submittedAt: NOON + 9000 });
  const order = await line.order();
  const before = order.slice(0, order.indexOf('f3')).filter((id) => id.startsWith('calm'));
  expect(before.length).toBeGreaterThanOrEqual(16);
});

test('turns that enter together stand as if one had entered after the other', async () => {
  const step = record({
    project: constantFrom('one', 'two'),
    comesBack: boolean(),
    second: integer({ min: 0, max: 3 }),
  });
  const earlier = array(tuple(step, integer({ min: 0, max: 2 })), { maxLength: 20 });
  await assert(
    asyncProperty(earlier, array(step), async (before, steps) => {
      const orders = await Promise.all(
        [true, false].map(async (together) => {
          const line = openLine(openQueue());
          for (const [index, [joining, serves]] of before.entries()) {
            await line.join({ ...placeOf(joining), id: `before-${index}` });
            await line.serve(serves);
          }
          // Those of a project who come for the first time enter apart from those who come back.
          const joining = steps
            .toSorted((a, b) => rankOf(a) - rankOf(b))
            .map((one, index) => ({ ...placeOf(one), id: `${index}` }));
          if (together) await Promise.all(joining.map(line.join));
          else for (const one of joining) await line.join(one);
          return line.order();
        }),
      );
      expect(orders[0]).toEqual(orders[1]);
    }),
    { numRuns: 60 },
  );
});

interface Step {
  project: string;
  comesBack: boolean;
  second: number;
}

function placeOf({ second, ...place }: Step) {
  return { ...place, submittedAt: NOON + 1000 * second };
}

function rankOf({ project, comesBack }: Step): number {
  return (project === 'one' ? 0 : 2) + (comesBack ? 1 : 0);
}

test('whatever joins and is served, each project keeps its order and nobody waits for more than two laps of each', async () => {
  const step = constantFrom('one', 'two', 'three', 'serve');
  await assert(
    asyncProperty(
      array(step, { maxLength: 80 }),
      integer({ min: 1, max: 3 }),
      async (steps, at) => {
        const line = openLine(openQueue());
        const joined = new Map<string, number>();
        const served: string[] = [];
        for (const who of steps) {
          if (who === 'serve') {
            served.push(...(await line.serve(at)));
            continue;
          }
          const waiting = await line.order();
          const count = (joined.get(who) ?? 0) + 1;
          joined.set(who, count);
          await line.join({ id: `${who}-${count}`, project: who });
          if (waiting.some((id) => id.startsWith(who))) continue;
          const ahead = (await line.order()).indexOf(`${who}-${count}`);
          expect(ahead).toBeLessThanOrEqual(2 * 2 * PER_LAP);
        }
        served.push(...(await line.order()));
        for (const [who, count] of joined) {
          const expected = Array.from({ length: count }, (_, index) => `${who}-${index + 1}`);
          expect(served.filter((id) => id.startsWith(`${who}-`))).toEqual(expected);
        }
      },
    ),
    { numRuns: 60 },
  );
});
