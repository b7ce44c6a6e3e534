import { formatDollars, reachesCost } from '@understudy/contracts';
import type { JobProgress, JobRequest } from '@understudy/contracts';

/** Says that the calls of a job have cost what it may cost; undefined while they have not. */
export function spentCost(
  { max_cost: most }: JobRequest,
  { cost }: JobProgress,
): string | undefined {
  if (most === undefined || cost === undefined || cost.status === 'unknown') return undefined;
  if (!reachesCost(cost, most)) return undefined;
  return `the calls cost ${formatDollars(cost.amount)}, and the job may cost ${formatDollars(most)}`;
}
