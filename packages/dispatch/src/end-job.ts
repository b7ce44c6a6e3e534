import type { JobEnd, JobError, JobStatus } from '@understudy/contracts';
import { SCHEMA_VERSION, isTerminal } from '@understudy/contracts';
import type { JobReference, StoredJob } from '@understudy/job-store';
import { publishCancel } from './cancel-channel.ts';
import { costSoFar } from './cost-so-far.ts';
import type { DispatchContext } from './dispatch-context.ts';
import { openAttempts } from './open-attempt.ts';
import { unplaceJob } from './place-job.ts';
import { startEnding, traceWait } from './trace-step.ts';

/** A worker may settle or hand over between the read and the write: so often is it tried again. */
export const END_TRIES = 10;

interface EndOptions {
  /** What its caller is told; what the status says where absent. */
  error?: JobError;
  /** A job with an open call goes on. */
  unlessRunning?: boolean;
}

/**
 * Ends a job from outside: the record first, then the worker that may hold a call open is told.
 * A job that has ended already is returned unchanged.
 * @returns undefined when there is no such job
 */
export async function endJob(
  context: DispatchContext,
  job: JobReference,
  status: 'cancelled' | 'expired',
  { error, unlessRunning = false }: EndOptions = {},
): Promise<StoredJob | undefined> {
  for (let tries = 0; tries < END_TRIES; tries += 1) {
    const stored = await context.store.read(job);
    if (stored === undefined || isTerminal(stored.record.status)) return stored;
    const { record, attempts } = stored;
    const now = context.clock.now();
    const running = record.status === 'in_progress';
    if (running && unlessRunning) return stored;
    const open = openAttempts(record, attempts.length + 1, now);
    const ending = startEnding(record.request, status);
    const result = await context.store.transition(record.request, {
      version: record.version,
      status,
      nextTurn: record.turn + 1,
      appended: open,
      folded: [],
      end: { ...endOf(status, error), ...costSoFar(record.progress, open.length > 0) },
      endedAt: now,
      keepMs: context.views().settings.defaults.retentionMs,
    });
    if (!result.ok) continue;
    await publishCancel(context.redis, context.keyPrefix, job);
    if (!running) await unplaceJob(context, record.request, record.progress, record.turn);
    traceWait(record.request, record.progress, undefined, now);
    ending.end();
    return context.store.read(job);
  }
  throw new Error(`job ${job.id} changed ${END_TRIES} times while it was to become ${status}`);
}

const ERRORS = {
  cancelled: { code: 'cancelled', message: 'the job was cancelled' },
  expired: { code: 'expired', message: 'no provider answered before the job expired' },
} as const satisfies Partial<Record<JobStatus, JobError>>;

function endOf(status: keyof typeof ERRORS, error: JobError = ERRORS[status]): JobEnd {
  return { v: SCHEMA_VERSION, error };
}
