import { expect, test } from 'vitest';
import {
  orderNumber,
  orderNumberOnReturn,
  ordersOfPriority,
  priorityOfOrder,
  risenOrder,
} from './order-number.ts';

const noon = Date.UTC(2026, 10, 22, 12);

test('a higher priority goes before any submission time', () => {
  expect(orderNumber(4, noon + 3_600_000)).toBeLessThan(orderNumber(5, noon));
});

test('within a priority the earlier second goes first', () => {
  expect(orderNumber(5, noon)).toBeLessThan(orderNumber(5, noon + 1000));
});

test('a job that fell through goes before its second, and after the second before', () => {
  const returned = orderNumberOnReturn(orderNumber(5, noon));
  expect(returned).toBeLessThan(orderNumber(5, noon));
  expect(returned).toBeGreaterThan(orderNumber(5, noon - 1000));
});

test('every number is one that BullMQ takes and none is 0, which would jump the queue', () => {
  for (const priority of [0, 9]) {
    for (let hour = 0; hour < 60; hour += 1) {
      const number = orderNumber(priority, noon + hour * 3_600_000 + 999);
      expect(orderNumberOnReturn(number)).toBeGreaterThanOrEqual(1);
      expect(number).toBeLessThan(2 ** 21);
    }
  }
});

test('a job that rises keeps its place by submission time', () => {
  const [older, younger] = [orderNumber(8, noon), orderNumber(8, noon + 5000)];
  expect(risenOrder(older, 2)).toBe(orderNumber(2, noon));
  expect(risenOrder(older, 2)).toBeLessThan(risenOrder(younger, 2));
});

test('every number belongs to the priority it was made for, and to no other', () => {
  for (let priority = 0; priority <= 9; priority += 1) {
    const { first, last } = ordersOfPriority(priority);
    for (const order of [first, last, orderNumber(priority, noon)]) {
      expect(priorityOfOrder(order)).toBe(priority);
    }
    expect(orderNumberOnReturn(orderNumber(priority, 0))).toBe(first);
  }
});
