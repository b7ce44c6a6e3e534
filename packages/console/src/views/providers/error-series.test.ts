import { expect, test } from 'vitest';
import { errorSeries } from './error-series.ts';

const TIMES = ['2026-11-22T12:00:00Z', '2026-11-22T12:01:00Z'].map((at) => Date.parse(at));

test('each rule has its counts over time, the most frequent first', () => {
  const series = errorSeries(
    {
      errors: [
        { rule: 'rare', count: 1 },
        { rule: 'often', count: 5 },
      ],
      buckets: [
        { at: '2026-11-22T12:01:00Z', succeeded: 0, failed: 6, errors: { often: 5, rare: 1 } },
      ],
    },
    TIMES,
  );
  expect(series).toEqual([
    { rule: 'often', count: 5, values: [0, 5] },
    { rule: 'rare', count: 1, values: [0, 1] },
  ]);
});

test('rules beyond the first few are one series, and nothing is lost', () => {
  const rules = ['a', 'b', 'c', 'd', 'e', 'f'];
  const series = errorSeries(
    {
      errors: rules.map((rule, index) => ({ rule, count: 10 - index })),
      buckets: [
        {
          at: '2026-11-22T12:00:00Z',
          succeeded: 0,
          failed: 45,
          errors: Object.fromEntries(rules.map((rule, index) => [rule, 10 - index])),
        },
      ],
    },
    TIMES,
    4,
  );
  expect(series.map(({ rule }) => rule)).toEqual(['a', 'b', 'c', 'other']);
  expect(series.reduce((sum, { values }) => sum + (values[0] ?? 0), 0)).toBe(45);
});

test('a provider without errors has no series', () => {
  expect(errorSeries({ errors: [], buckets: [] }, TIMES)).toEqual([]);
});
