import type { Attempt, Cost } from '@understudy/contracts';
import { addCosts } from '@understudy/models';
import type { HeldTurn } from './held-turn.ts';

/**
 * What all calls of the job cost, with these last ones. A call that may be charged for and whose
 * usage nobody knows makes the sum partial; calls that a provider refused cost nothing.
 */
export function jobCost(
  { progress, interrupted }: HeldTurn,
  attempts: readonly Attempt[],
): Pick<Attempt, 'cost'> {
  const costs = attempts.flatMap(({ cost, maybe_billed: maybe }): Cost[] => {
    if (cost !== undefined) return [cost];
    return maybe === true ? [UNKNOWN] : [];
  });
  const before = [progress.cost, interrupted ? UNKNOWN : undefined];
  const sum = addCosts([...before.filter((cost) => cost !== undefined), ...costs]);
  return sum === undefined ? {} : { cost: sum };
}

const UNKNOWN: Cost = { status: 'unknown', reason: 'a call broke off, and may have been billed' };
