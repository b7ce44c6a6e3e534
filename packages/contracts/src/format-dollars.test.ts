import { expect, test } from 'vitest';
import { formatDollars } from './format-dollars.ts';

test.each([
  [0, '$0'],
  [0.00130499999999999, '$0.0013'],
  [0.003, '$0.003'],
  [0.015, '$0.015'],
  [0.3, '$0.30'],
  [1e-9, '$0.000000001'],
  [1234.5, '$1234.50'],
])('%d USD is %s', (usd, text) => {
  expect(formatDollars(usd)).toBe(text);
});
