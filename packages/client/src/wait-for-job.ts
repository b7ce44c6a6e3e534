import { anySignal } from './any-signal.ts';
import { answered } from './connection.ts';
import type { Connection } from './connection.ts';
import type { Job, JobStatus } from './types.ts';
import { waitAtMost } from './wait-at-most.ts';
import type { WaitOptions } from './wait-at-most.ts';

/** Below the idle timeouts of proxies. */
const LONGEST_POLL_MS = 50_000;
/** Who is told how the job stands is told soon, and of what is new later the rarer the longer it waits. */
const FIRST_TOLD_POLL_MS = 2000;
const LATER_BY_SHARE = 1 / 4;
/** A broker that stops answers its long-polls at once. */
const SHORTEST_POLL_MS = 500;
/** Of the time that is left a poll leaves so much, in which its answer comes before the time is over. */
const ANSWER_MS = 500;

export interface JobWaitOptions extends WaitOptions {
  /** Told how the job stands at each look that finds that it has not ended; the first comes soon. */
  onLook?: ((job: Job) => void) | undefined;
}

const ENDS: readonly JobStatus[] = ['completed', 'failed', 'cancelled', 'expired'];

export function hasEnded({ status }: { status: JobStatus }): boolean {
  return ENDS.includes(status);
}

/**
 * Long-polls until the job has ended, however it ended, over restarts of the broker.
 * @throws UnderstudyError `timeout` when it has not ended in time; it goes on all the same
 */
export async function waitForJob(
  connection: Connection,
  id: string,
  { timeoutMs, signal: own, onLook }: JobWaitOptions = {},
): Promise<Job> {
  const waitsSince = performance.now();
  const longestPollMs = (): number => {
    if (onLook === undefined) return LONGEST_POLL_MS;
    const waitedMs = performance.now() - waitsSince;
    return Math.min(LONGEST_POLL_MS, Math.max(FIRST_TOLD_POLL_MS, waitedMs * LATER_BY_SHARE));
  };
  const options = { timeoutMs, signal: anySignal(connection.signal, own) };
  return waitAtMost(`the job ${id}`, options, async (leftMs, signal) => {
    const startedAt = performance.now();
    const waitMs = Math.min(longestPollMs(), Math.max(0, leftMs - ANSWER_MS));
    const job = answered(
      await connection.api.GET('/v1/jobs/{id}', {
        params: { path: { id } },
        // Whole seconds: for less the broker is not asked to wait, only looked at.
        headers: { prefer: `wait=${Math.floor(waitMs / 1000)}` },
        signal,
      }),
    );
    if (hasEnded(job)) return { ended: job };
    onLook?.(job);
    const againMs = Math.max(0, SHORTEST_POLL_MS - (performance.now() - startedAt));
    return { status: job.status, againMs };
  });
}
