import { expect, test } from 'vitest';
import { orderNumber } from './order-number.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 86_400_000;

test('a higher priority goes before any submission time', () => {
  expect(orderNumber(4, noon + 10_000 * DAY_MS)).toBeLessThan(orderNumber(5, noon));
});

test('within a priority the earlier second goes first, however many days lie between', () => {
  expect(orderNumber(5, noon)).toBeLessThan(orderNumber(5, noon + 1000));
  expect(orderNumber(5, noon)).toBeLessThan(orderNumber(5, noon + 7 * DAY_MS));
});

test('every number is a whole one', () => {
  expect(Number.isSafeInteger(orderNumber(9, noon + 10_000 * DAY_MS + 1))).toBe(true);
});
