import { ORDERS_PER_PRIORITY } from './priority.ts';
import type { Priority } from './priority.ts';

/**
 * The place of a job among those of its project that wait for a model to open again: priority
 * first, then the second of submission. Its place in a queue is a number of that queue; see
 * `FairNumbers`.
 */
export function orderNumber(priority: Priority, submittedAt: number): number {
  return priority * ORDERS_PER_PRIORITY + Math.floor(submittedAt / 1000);
}
