import { expect, test } from 'vitest';
import { latencyBucket, latencyPercentile } from './latency-buckets.ts';

function countsOf(durationsMs: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const duration of durationsMs) {
    const bucket = latencyBucket(duration);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return counts;
}

test('a percentile is off by a fifth at most, from fast answers to slow ones', () => {
  for (let duration = 20; duration < 600_000; duration *= 1.17) {
    const counts = countsOf(Array.from({ length: 100 }, () => duration));
    for (const share of [0.01, 0.5, 0.95, 1]) {
      const found = latencyPercentile(counts, share) ?? 0;
      expect(found / duration).toBeGreaterThan(0.8);
      expect(found / duration).toBeLessThan(1.2);
    }
  }
});

test('of many durations the percentiles lie where they should', () => {
  const counts = countsOf(Array.from({ length: 1000 }, (_, index) => index + 1));
  expect(latencyPercentile(counts, 0.5)).toBeGreaterThan(400);
  expect(latencyPercentile(counts, 0.5)).toBeLessThan(600);
  expect(latencyPercentile(counts, 0.95)).toBeGreaterThan(790);
  expect(latencyPercentile(counts, 0.95)).toBeLessThan(1190);
});

test('what took no time at all is in the first bucket, and of nothing there is no percentile', () => {
  expect(latencyBucket(0)).toBe(0);
  expect(latencyBucket(16)).toBe(0);
  expect(latencyBucket(17)).toBe(1);
  expect(latencyPercentile(new Map(), 0.5)).toBeUndefined();
});
