import { expect, test } from 'vitest';
import { formatDuration } from './format-duration.ts';
import { formatRelative } from './format-relative.ts';
import { formatMoney } from './format-money.ts';

test.each([
  [0.4, '0 ms'],
  [340, '340 ms'],
  [999.6, '1000 ms'],
  [2440, '2.4 s'],
  [9960, '10 s'],
  [59_600, '1 min'],
  [200_000, '3 min 20 s'],
  [3_599_700, '1 h'],
  [7_500_000, '2 h 5 min'],
  [187_200_000, '2 d 4 h'],
])('%d ms is written as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [-500, 'just now'],
  [-3400, '3 s ago'],
  [-200_000, '3 min ago'],
  [90_000, 'in 1 min'],
  [172_800_000, 'in 2 d'],
])('what is %d ms from now is %s', (apart, text) => {
  expect(formatRelative(1_000_000_000 + apart, 1_000_000_000)).toBe(text);
});

test.each([
  [0, '$0'],
  [1234.5, '$1,234.50'],
  [0.25, '$0.25'],
  [0.00421, '$0.0042'],
  [0.0000004, '$0.0000004'],
])('%d dollars are written as %s', (usd, text) => {
  expect(formatMoney(usd)).toBe(text);
});
