import { expect, test } from 'vitest';
import { percentile, spread } from './statistics.ts';

test('percentiles are samples by nearest rank, whatever the order', () => {
  const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([0.5, 0.99, 1].map((share) => percentile(samples, share))).toEqual([50, 99, 100]);
  expect(percentile([7], 0.99)).toBe(7);
});

test('a spread is the median between the extremes', () => {
  expect(spread([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
});

test('a percentile of nothing is refused', () => {
  expect(() => percentile([], 0.5)).toThrow('at least one sample');
});
