import { expect, test } from 'vitest';
import { percentile, spread } from './statistics.ts';

test('percentiles are samples by nearest rank, whatever the order', () => {
  const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([0.5, 0.99, 1].map((share) => percentile(samples, share))).toEqual([50, 99, 100]);
  expect(percentile([7], 0.99)).toBe(7);
});

test('a spread is the median between the quartiles and the extremes', () => {
  expect(spread([5, 1, 4, 2, 3, 8, 7, 6])).toEqual({
    median: 4,
    lowerQuartile: 2,
    upperQuartile: 6,
    least: 1,
    most: 8,
    rounds: 8,
  });
});

test('a percentile of nothing is refused', () => {
  expect(() => percentile([], 0.5)).toThrow('at least one sample');
});
