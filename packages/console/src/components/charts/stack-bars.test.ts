import { expect, test } from 'vitest';
import { highestStack, stackBars } from './stack-bars.ts';

const FRAME = { width: 100, height: 50, top: 10, gap: 0 };

test('the parts of a bar stand on each other, the first series at the bottom', () => {
  expect(
    stackBars(
      [
        [4, 10],
        [2, 0],
      ],
      FRAME,
    ),
  ).toEqual([
    { series: 0, bar: 0, x: 0, y: 30, width: 50, height: 20 },
    { series: 1, bar: 0, x: 0, y: 20, width: 50, height: 10 },
    { series: 0, bar: 1, x: 50, y: 0, width: 50, height: 50 },
  ]);
});

test('the gap lies on both sides of a bar', () => {
  expect(stackBars([[10]], { ...FRAME, gap: 0.2 })).toEqual([
    { series: 0, bar: 0, x: 10, y: 0, width: 80, height: 50 },
  ]);
});

test('no series and no bars make no parts', () => {
  expect(stackBars([], FRAME)).toEqual([]);
  expect(stackBars([[]], FRAME)).toEqual([]);
  expect(highestStack([])).toBe(0);
});

test('the highest stack is the largest sum, also where series differ in length', () => {
  expect(highestStack([[1, 5], [2]])).toBe(5);
  expect(
    highestStack([
      [1, 5],
      [7, 1],
    ]),
  ).toBe(8);
});
