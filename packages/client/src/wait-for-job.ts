import { anySignal } from './any-signal.ts';
import { answered } from './connection.ts';
import type { Connection } from './connection.ts';
import type { Job, JobStatus } from './types.ts';
import { waitAtMost } from './wait-at-most.ts';
import type { WaitOptions } from './wait-at-most.ts';

/** Below the idle timeouts of proxies. */
const LONGEST_POLL_MS = 50_000;
/** A broker that stops answers its long-polls at once. */
const SHORTEST_POLL_MS = 500;
/** The broker is asked to wait for whole seconds: for less it is looked at. */
const SHORTEST_WAIT_MS = 1000;

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
  { timeoutMs, signal: own }: WaitOptions = {},
): Promise<Job> {
  const options = { timeoutMs, signal: anySignal(connection.signal, own) };
  return waitAtMost(`the job ${id}`, options, async (leftMs, signal) => {
    const startedAt = performance.now();
    const waitMs = leftMs < SHORTEST_WAIT_MS ? 0 : Math.min(LONGEST_POLL_MS, leftMs);
    const job = answered(
      await connection.api.GET('/v1/jobs/{id}', {
        params: { path: { id } },
        headers: { prefer: `wait=${Math.ceil(waitMs / 1000)}` },
        signal,
      }),
    );
    if (hasEnded(job)) return { ended: job };
    const againMs = Math.max(0, SHORTEST_POLL_MS - (performance.now() - startedAt));
    return { status: job.status, againMs };
  });
}
