import { expect, test } from 'vitest';
import type { JobRecord } from '@understudy/contracts';
import { agedPriority } from './age-queues.ts';

const AGEING_MS = 600_000;

/** The two members of a record that ageing looks at. */
function submitted(priority: number, createdAt: number): JobRecord {
  return { request: { priority, created_at: createdAt } } as JobRecord;
}

test('a job rises by one priority for each ageing time since it was submitted', () => {
  const record = submitted(8, 0);
  expect(agedPriority(record, AGEING_MS - 1, AGEING_MS)).toBe(8);
  expect(agedPriority(record, AGEING_MS, AGEING_MS)).toBe(7);
  expect(agedPriority(record, 3 * AGEING_MS, AGEING_MS)).toBe(5);
});

test('nothing rises above the highest priority', () => {
  expect(agedPriority(submitted(2, 0), 100 * AGEING_MS, AGEING_MS)).toBe(0);
});

test('a turn whose record is gone stays where it is', () => {
  expect(agedPriority(undefined, AGEING_MS, AGEING_MS)).toBe(Infinity);
});
