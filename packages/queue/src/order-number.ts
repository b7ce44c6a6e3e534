import type { Priority } from '@understudy/contracts';

/** BullMQ's priorities run from 1 to 2^21 - 1, lower first; 0 would jump every queue. */
const HIGHEST_NUMBER = 2 ** 21 - 1;
const CLASSES = 10;
const NUMBERS_PER_CLASS = Math.floor(HIGHEST_NUMBER / CLASSES);

/**
 * A second of submission time has two numbers: the lower one is for jobs that fell through.
 * BullMQ keeps first-in-first-out within a number, so the slot's width only matters to a job that
 * enters a queue late: it goes before all that were submitted in its second or after.
 */
const SLOT_MS = 1000;
const NUMBERS_PER_SLOT = 2;
const SLOTS = Math.floor(NUMBERS_PER_CLASS / NUMBERS_PER_SLOT);

/**
 * The place of a job in every queue it will ever enter: priority first, then submission time.
 * Time runs round after 29 hours (104 857 slots), longer than a job waits by default.
 * @returns 2 to 2^21 - 1, always the later number of its slot
 */
export function orderNumber(priority: Priority, submittedAt: number): number {
  const slot = Math.floor(submittedAt / SLOT_MS) % SLOTS;
  return priority * NUMBERS_PER_CLASS + slot * NUMBERS_PER_SLOT + NUMBERS_PER_SLOT;
}

/** The number with which a job that stood in another queue before enters the next one. */
export function orderNumberOnReturn(order: number): number {
  return order - 1;
}

/** The priority whose numbers this one is among. */
export function priorityOfOrder(order: number): Priority {
  return Math.floor((order - 1) / NUMBERS_PER_CLASS);
}

/** The same place by submission time among the jobs of a higher priority. */
export function risenOrder(order: number, priority: Priority): number {
  return order - (priorityOfOrder(order) - priority) * NUMBERS_PER_CLASS;
}

/** The numbers of a priority, both ends included. */
export function ordersOfPriority(priority: Priority): { first: number; last: number } {
  const first = priority * NUMBERS_PER_CLASS + 1;
  return { first, last: first + NUMBERS_PER_CLASS - 1 };
}
