import { formatDollars, reachesCost } from '@understudy/contracts';
import type { BatchProblem, BatchRecord, JobError } from '@understudy/contracts';

/** By which a batch tells that it was stopped for what it had cost. */
const CODE = 'max_cost';

/** What is told of each line that this left without an answer. */
export const SPENT_LINE = {
  code: 'batch_max_cost',
  message: 'the batch had cost what it may cost before the request was answered',
} as const satisfies JobError;

/** Whether the lines that ended have cost what the batch may cost. */
export function isSpent({ request, cost }: BatchRecord): boolean {
  return reachesCost(cost, request.max_cost);
}

export function spentProblem({ request: { max_cost: most = 0 }, cost }: BatchRecord): BatchProblem {
  const amount = cost === undefined || cost.status === 'unknown' ? 0 : cost.amount;
  return {
    code: CODE,
    message: `the lines that had ended cost ${formatDollars(amount)}, and the batch may cost ${formatDollars(most)}: no further line was begun; those under way then are paid for, too`,
    param: CODE,
  };
}

/** Whether lines were left without an answer for it. */
export function isStoppedByCost({ problems }: BatchRecord): boolean {
  return problems?.some(({ code }) => code === CODE) === true;
}
