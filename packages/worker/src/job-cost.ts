import type { Attempt, Cost, JobProgress } from '@understudy/contracts';
import { addCosts } from '@understudy/models';

/**
 * What all calls of the job cost, with these last ones. A call that may be charged for and whose
 * usage nobody knows makes the sum partial; calls that a provider refused cost nothing.
 */
export function jobCost(
  { cost: before }: Pick<JobProgress, 'cost'>,
  attempts: readonly Pick<Attempt, 'cost' | 'maybe_billed'>[],
): Pick<Attempt, 'cost'> {
  const costs: Cost[] = before === undefined ? [] : [before];
  for (const { cost, maybe_billed: maybe } of attempts) {
    if (cost !== undefined) costs.push(cost);
    else if (maybe === true) costs.push(UNKNOWN);
  }
  const sum = addCosts(costs);
  return sum === undefined ? {} : { cost: sum };
}

const UNKNOWN: Cost = { status: 'unknown', reason: 'a call broke off, and may have been billed' };
