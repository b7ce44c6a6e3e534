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
  const costs: Cost[] = [];
  if (progress.cost !== undefined) costs.push(progress.cost);
  if (interrupted) costs.push(UNKNOWN);
  for (const { cost, maybe_billed: maybe } of attempts) {
    if (cost !== undefined) costs.push(cost);
    else if (maybe === true) costs.push(UNKNOWN);
  }
  const sum = addCosts(costs);
  return sum === undefined ? {} : { cost: sum };
}

const UNKNOWN: Cost = { status: 'unknown', reason: 'a call broke off, and may have been billed' };
