import type { JobRecord } from '@understudy/contracts';
import { withUnknownCost } from './cost-so-far.ts';
import type { MovingJob } from './move-job.ts';
import { interruptedAttempts } from './open-attempt.ts';

/**
 * A job in progress whose start will never end, for its worker died, as it goes on elsewhere: the
 * call that was open is an attempt on its record, by whose token a late answer finds it. To be moved
 * only while the record is of the version that was read.
 */
export function interruptedJob(record: JobRecord, attemptsStored: number, now: number): MovingJob {
  const { request, progress, turn } = record;
  const cost = withUnknownCost(progress.cost, 'a call broke off, and may have been billed');
  return {
    request,
    progress: { ...progress, cost },
    turn,
    attemptsStored,
    attemptsMade: interruptedAttempts(record, attemptsStored + 1, now),
  };
}
