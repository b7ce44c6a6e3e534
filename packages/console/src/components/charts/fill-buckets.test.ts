import { expect, test } from 'vitest';
import { alignBuckets, bucketTimes } from './fill-buckets.ts';

const MINUTE = 60_000;
const NOON = Date.parse('2026-11-22T12:00:00Z');

test('buckets lie on whole steps and cover the range', () => {
  const times = bucketTimes({ from: NOON + 90_000, to: NOON + 3 * MINUTE + 1, stepMs: MINUTE });
  expect(times).toEqual([1, 2, 3].map((minute) => NOON + minute * MINUTE));
});

test('a range that ends on a step has no bucket after it', () => {
  expect(bucketTimes({ from: NOON, to: NOON + 2 * MINUTE, stepMs: MINUTE })).toHaveLength(2);
});

test('minutes in which nothing happened are there without a bucket', () => {
  const buckets = [
    { at: '2026-11-22T12:02:00.000Z', count: 2 },
    { at: '2026-11-22T12:00:00Z', count: 1 },
  ];
  const times = bucketTimes({ from: NOON, to: NOON + 3 * MINUTE, stepMs: MINUTE });
  expect(alignBuckets(buckets, times).map((bucket) => bucket?.count)).toEqual([1, undefined, 2]);
});
