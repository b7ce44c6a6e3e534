import { PRIORITIES } from '@understudy/contracts';
import type { Priority } from '@understudy/contracts';

/**
 * BullMQ's priorities run from 1 to 2^21 - 1, lower first; 0 would jump every queue. Each of the ten
 * priorities of jobs has a range of them to itself.
 */
const HIGHEST_NUMBER = 2 ** 21 - 1;
export const NUMBERS_PER_PRIORITY = Math.floor(HIGHEST_NUMBER / PRIORITIES.length);

/** BullMQ scores a waiting entry by its priority number, then by a counter of 32 bits. */
const SCORES_PER_NUMBER = 2 ** 32;

/** The first number of a priority. */
export function firstNumber(priority: Priority): number {
  return priority * NUMBERS_PER_PRIORITY + 1;
}

/** The priority that a number belongs to. */
export function priorityOf(number: number): Priority {
  return Math.floor((number - 1) / NUMBERS_PER_PRIORITY);
}

/** The scores of a priority's waiting entries: from `first`, below `end`. */
export function scoresOfPriority(priority: Priority): { first: number; end: number } {
  return {
    first: firstNumber(priority) * SCORES_PER_NUMBER,
    end: firstNumber(priority + 1) * SCORES_PER_NUMBER,
  };
}
