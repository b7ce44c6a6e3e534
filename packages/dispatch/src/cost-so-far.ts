import type { Cost, JobProgress } from '@understudy/contracts';

/**
 * What a job that ends without an answer has cost.
 * @param running a call is open: what it costs is not known, so the sum is only part of it
 */
export function costSoFar({ cost }: JobProgress, running = false): { cost?: Cost } {
  if (running) return { cost: withUnknownCost(cost, 'a call was open when the job ended') };
  return cost === undefined ? {} : { cost };
}

/** A sum to which a call belongs of whose cost nothing is known but why. */
export function withUnknownCost(cost: Cost | undefined, reason: string): Cost {
  if (cost === undefined) return { status: 'unknown', reason };
  if (cost.status === 'unknown') return cost;
  return { ...cost, status: 'partial' };
}
