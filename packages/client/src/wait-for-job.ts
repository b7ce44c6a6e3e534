import { answered } from './connection.ts';
import type { Connection } from './connection.ts';
import { pause } from './pause.ts';
import type { Job, JobStatus } from './types.ts';
import { UnderstudyError } from './understudy-error.ts';

export interface WaitOptions {
  /** As long as it takes where absent, or where it is above 24 days, which no timer counts. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Below the idle timeouts of proxies. */
const LONGEST_POLL_MS = 50_000;
/** Of more than 2^31 ms a timer makes one. */
const LONGEST_TIMER_MS = 24 * 86_400_000;
/** A broker that stops answers its long-polls at once. */
const SHORTEST_POLL_MS = 500;

const ENDS: readonly JobStatus[] = ['completed', 'failed', 'cancelled', 'expired'];

export function hasEnded({ status }: { status: JobStatus }): boolean {
  return ENDS.includes(status);
}

/**
 * Long-polls until the job has ended, however it ended, over restarts of the broker.
 * @throws UnderstudyError `timeout` when it has not ended in time; it goes on all the same
 */
export async function waitForJob(
  { api }: Connection,
  id: string,
  { timeoutMs = Infinity, signal }: WaitOptions = {},
): Promise<Job> {
  const startedAt = performance.now();
  const leftMs = (): number => timeoutMs - (performance.now() - startedAt);
  const over = new AbortController();
  const timer =
    timeoutMs > LONGEST_TIMER_MS ? undefined : setTimeout(() => over.abort(), timeoutMs);
  const either = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
  let status: JobStatus | undefined;
  try {
    for (;;) {
      const pollStartedAt = performance.now();
      const waitMs = Math.min(LONGEST_POLL_MS, Math.max(0, leftMs()));
      const job = answered(
        await api.GET('/v1/jobs/{id}', {
          params: { path: { id } },
          headers: { prefer: `wait=${Math.ceil(waitMs / 1000)}` },
          signal: either,
        }),
      );
      if (hasEnded(job)) return job;
      status = job.status;
      const restMs = SHORTEST_POLL_MS - (performance.now() - pollStartedAt);
      if (restMs > 0) await pause(restMs, either);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!over.signal.aborted) throw error;
    const stand = status === undefined ? 'not been heard of' : `not ended (${status})`;
    throw new UnderstudyError(`the job ${id} has ${stand} after ${timeoutMs} ms; wait again`, {
      code: 'timeout',
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
