import { expect, test } from 'vitest';
import { timeTicks } from './time-ticks.ts';

const MINUTE = 60_000;
const minuteOfDay = (at: number) => (at / MINUTE) % 1440;
const hour = Array.from({ length: 60 }, (_, index) => (725 + index) * MINUTE);

const minutes = (most: number) =>
  timeTicks(hour, most, minuteOfDay).map(({ at }) => minuteOfDay(at) % 60);

test('labels stand on round times, as many as there is room for', () => {
  expect(minutes(6)).toEqual([10, 20, 30, 40, 50, 0]);
  expect(minutes(4)).toEqual([15, 30, 45, 0]);
  expect(minutes(2)).toEqual([30, 0]);
});

test('a label says below which bar it stands', () => {
  expect(timeTicks(hour, 2, minuteOfDay).map(({ bar }) => bar)).toEqual([25, 55]);
});

test('no room makes no labels', () => {
  expect(timeTicks(hour, 0, minuteOfDay)).toEqual([]);
});
