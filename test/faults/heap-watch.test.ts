import { expect, test } from 'vitest';
import { heapSlope, type HeapSample } from './heap-watch.ts';

const TWO_HOURS = Array.from({ length: 240 }, (_, index) => index * 30_000);

/** What is live, and a megabyte more or less of calls that are under way. */
function heap(live: (hours: number) => number): HeapSample[] {
  return TWO_HOURS.map((atMs, index) => ({
    atMs,
    bytes: (live(atMs / 3_600_000) + ((index * 7) % 30) / 30) * 1e6,
  }));
}

test('a leak of 5 MB per hour is seen', () => {
  expect(heapSlope(heap((hours) => 40 + 5 * hours))).toBeCloseTo(5, 0);
});

test('what is live and stays so has no slope, warm-up aside', () => {
  const warming = heap((hours) => 40 - 20 * Math.exp(-20 * hours));
  expect(Math.abs(heapSlope(warming))).toBeLessThan(0.2);
});

test('too few samples have no slope', () => {
  expect(heapSlope(heap(() => 40).slice(0, 12))).toBeNaN();
});
