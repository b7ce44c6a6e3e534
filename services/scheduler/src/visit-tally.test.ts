import { expect, test } from 'vitest';
import { createVisitTally } from './visit-tally.ts';
import type { Logger } from '@understudy/runtime';

function tallyAt(times: number[]) {
  const lines: object[] = [];
  const logger = { info: (fields: object) => void lines.push(fields) } as unknown as Logger;
  const clock = { now: () => 0, monotonic: () => times.shift() ?? Infinity };
  return { tally: createVisitTally(clock, logger), lines };
}

test('what was done to jobs is said once a minute, with its numbers', () => {
  const { tally, lines } = tallyAt([0, 10_000, 61_000]);
  tally.add(['restored', 'in_place']);
  tally.add(['restored', 'expired']);
  expect(lines).toEqual([{ jobs: { restored: 2, in_place: 1, expired: 1 } }]);
});

test('jobs that stood where they should need no word', () => {
  const { tally, lines } = tallyAt([0, 61_000]);
  tally.add(['in_place', 'forgotten']);
  expect(lines).toEqual([]);
});
