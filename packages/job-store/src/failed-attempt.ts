import type { Attempt } from '@understudy/contracts';

/**
 * Whether an attempt is told as `job.attempt_failed`: one whose call went wrong, or whose worker
 * died over it. One that was passed over made no call, and one that was cancelled did not fail.
 */
export function isFailedAttempt({ outcome }: Attempt): boolean {
  return outcome === 'failed' || outcome === 'interrupted';
}
