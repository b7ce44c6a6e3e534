import { setTimeout as sleep } from 'node:timers/promises';
import { BrokerError, isTerminal } from '@understudy/contracts';
import type { JobReference, StoredJob } from '@understudy/job-store';
import { isRedisUnavailable } from '@understudy/runtime';
import type { ApiParts } from '../api-parts.ts';
import { JobNotCompleted } from '../errors/shown-error.ts';
import { jobNotFound } from '../jobs/send-job.ts';
import { errorOfEnd } from './error-of-end.ts';

/** What waiting for a job's answer came to. */
export type CallOutcome =
  | { kind: 'completed'; stored: StoredJob; answer: Buffer }
  /** It ended without an answer, or nothing more can be learnt of it here. */
  | { kind: 'failed'; error: Error; stored?: StoredJob }
  /** The time is over, and the job goes on. */
  | { kind: 'unended'; error: Error }
  /** The service stops, and the job goes on: the same request finds it again. */
  | { kind: 'stopping'; error: Error };

const AWAY_RETRY_MS = 1000;

/**
 * Waits until the job has ended, the time is over, the caller is gone or the service stops. Never
 * rejects. While Redis is away it waits on: whoever was cut off here would only ask again.
 */
export async function callOutcome(
  { dispatch, longPolls }: Pick<ApiParts, 'dispatch' | 'longPolls'>,
  job: JobReference,
  waitMs: number,
  gone: AbortSignal,
): Promise<CallOutcome> {
  const { clock, store } = dispatch;
  const overAt = clock.monotonic() + waitMs;
  for (;;) {
    try {
      const leftMs = Math.max(0, overAt - clock.monotonic());
      const stored = await longPolls.waitForEnd(job, leftMs, gone);
      if (stored === undefined) return { kind: 'failed', error: jobNotFound() };
      if (!isTerminal(stored.record.status)) {
        return longPolls.isClosed() ? stopping() : unended(job, waitMs);
      }
      if (stored.record.status !== 'completed') {
        return { kind: 'failed', error: errorOfEnd(stored.record), stored };
      }
      const answer = stored.answer ?? (await store.readResult(job));
      if (answer === undefined) return { kind: 'failed', error: answerGone() };
      return { kind: 'completed', stored, answer };
    } catch (error) {
      const broken = error instanceof Error ? error : new Error(String(error));
      if (!isRedisUnavailable(error)) return { kind: 'failed', error: broken };
      if (longPolls.isClosed()) return stopping();
      if (gone.aborted || clock.monotonic() >= overAt) return { kind: 'unended', error: broken };
      await sleep(AWAY_RETRY_MS, undefined, { signal: gone }).catch(() => undefined);
    }
  }
}

function stopping(): CallOutcome {
  const error = new BrokerError(
    'unavailable',
    'this server stops; the job goes on, and the same request finds it again',
    { retryAfterSeconds: 1 },
  );
  return { kind: 'stopping', error };
}

/** Not to be repeated: a retry that came later than it is remembered would make a second job. */
function unended({ id }: JobReference, waitMs: number): CallOutcome {
  const error = new JobNotCompleted({
    status: 504,
    code: 'wait_timeout',
    message: `there is no answer after ${Math.round(waitMs / 1000)} s; the job goes on, ask for it at /v1/jobs/${id}`,
  });
  return { kind: 'unended', error };
}

function answerGone(): BrokerError {
  return new BrokerError('gone', 'the answer of this job is no longer kept');
}
