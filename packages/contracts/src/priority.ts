import { z } from 'zod';

/** 0 is served first, 9 last. */
export type Priority = number;

/** All of them, the first to be served first. */
export const PRIORITIES: readonly Priority[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

const PRIORITY_BY_NAME = { high: 2, normal: 5, low: 8 } as const;
export const DEFAULT_PRIORITY: Priority = PRIORITY_BY_NAME.normal;
/** Of a batch's lines: somebody may wait for everything else. */
export const BATCH_PRIORITY: Priority = PRIORITY_BY_NAME.low;

/** `high`, `normal`, `low`, or 0 to 9; always read as the number. */
export const prioritySchema = z.union([
  z.enum(['high', 'normal', 'low']).transform((name): number => PRIORITY_BY_NAME[name]),
  z.int().min(0).max(9),
]);

/** More seconds than will ever have passed: what lies between the orders of two priorities. */
export const ORDERS_PER_PRIORITY = 2 ** 40;
