import type { Cost, JobProgress } from '@understudy/contracts';

/**
 * What a job that ends without an answer has cost.
 * @param running a call is open: what it costs is not known, so the sum is only part of it
 */
export function costSoFar({ cost }: JobProgress, running = false): { cost?: Cost } {
  if (!running) return cost === undefined ? {} : { cost };
  if (cost === undefined || cost.status === 'unknown') {
    return { cost: { status: 'unknown', reason: 'a call was open when the job ended' } };
  }
  return { cost: { ...cost, status: 'partial' } };
}
