import { expect, test } from 'vitest';
import { niceTicks } from './nice-ticks.ts';

test('an axis ends at or above the largest value, in round steps', () => {
  expect(niceTicks(7)).toEqual([0, 2, 4, 6, 8]);
  expect(niceTicks(100)).toEqual([0, 50, 100]);
  expect(niceTicks(101)).toEqual([0, 50, 100, 150]);
  expect(niceTicks(1_234_567).at(-1)).toBe(1_500_000);
});

test('counts have no ticks between whole numbers', () => {
  expect(niceTicks(1)).toEqual([0, 1]);
  expect(niceTicks(3)).toEqual([0, 1, 2, 3]);
  expect(niceTicks(0)).toEqual([0, 1]);
});

test('an axis of money has ticks below one', () => {
  expect(niceTicks(0.3, { whole: false })).toEqual([0, 0.1, 0.2, 0.3]);
  expect(niceTicks(0.0007, { whole: false })).toEqual([0, 0.0002, 0.0004, 0.0006, 0.0008]);
});
