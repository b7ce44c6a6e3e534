import { expect, test } from 'vitest';
import { breakerRests, nextTryAt, scheduleSpanMs, withJitter } from './retry-schedule.ts';

const SCHEDULE = [0, 5000, 300_000, 1_800_000];

test('a delay is a fifth shorter or longer at most', () => {
  expect(withJitter(1000, 0)).toBe(800);
  expect(withJitter(1000, 0.5)).toBe(1000);
  expect(withJitter(1000, 1)).toBe(1200);
});

test('each failure leads to the next delay of the schedule, the last one to none', () => {
  expect(nextTryAt(1, SCHEDULE, 100, 0.5)).toBe(5100);
  expect(nextTryAt(2, SCHEDULE, 100, 0.5)).toBe(300_100);
  expect(nextTryAt(4, SCHEDULE, 100, 0.5)).toBeUndefined();
});

test('a receiver can put the next try off, but not for longer than the longest delay', () => {
  expect(nextTryAt(1, SCHEDULE, 0, 0.5, 60_000)).toBe(60_000);
  expect(nextTryAt(2, SCHEDULE, 0, 0.5, 60_000)).toBe(300_000);
  expect(nextTryAt(1, SCHEDULE, 0, 0.5, 1e12)).toBe(1_800_000);
});

test('a breaker rests as the schedule does, at most a quarter of an hour', () => {
  expect(breakerRests(SCHEDULE, () => 0.5)).toEqual([5000, 300_000, 900_000]);
  expect(breakerRests([0], () => 0.5)).toEqual([50]);
});

test('the span of a schedule covers every try with the longest jitter', () => {
  expect(scheduleSpanMs([0, 5000, 10_000])).toBe(18_000);
});
