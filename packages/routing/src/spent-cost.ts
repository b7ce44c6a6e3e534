import type { JobProgress, JobRequest } from '@understudy/contracts';

/** Says that the calls of a job have cost what it may cost; undefined while they have not. */
export function spentCost(
  { max_cost: most }: JobRequest,
  { cost }: JobProgress,
): string | undefined {
  // What a call cost whose price or usage is unknown is not known here either: it counts nothing.
  if (most === undefined || cost === undefined || cost.status === 'unknown') return undefined;
  if (cost.amount < most) return undefined;
  return `the calls cost ${cost.amount} USD, and the job may cost ${most}`;
}
