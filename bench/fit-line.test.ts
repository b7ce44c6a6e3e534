import { expect, test } from 'vitest';
import { fitLine } from './fit-line.ts';

test('points on a line give it back, and noise around it is averaged', () => {
  expect(
    fitLine([
      [1, 5],
      [2, 7],
      [4, 11],
    ]),
  ).toEqual({ intercept: 3, slope: 2 });
  const { slope } = fitLine([
    [0, 1],
    [0, -1],
    [10, 21],
    [10, 19],
  ]);
  expect(slope).toBe(2);
});

test('points that are not apart give none', () => {
  expect(() => fitLine([[1, 5]])).toThrow('two points');
});
