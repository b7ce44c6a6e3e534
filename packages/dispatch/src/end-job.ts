import type { JobEnd, JobError, JobRecord, JobStatus } from '@understudy/contracts';
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
    if (record.status === 'in_progress' && unlessRunning) return stored;
    const end = endOf(status, error);
    if (await endAsRead(context, record, attempts.length, { status, end })) {
      return context.store.read(job);
    }
  }
  throw new Error(`job ${job.id} changed ${END_TRIES} times while it was to become ${status}`);
}

/**
 * Ends a job from outside as `endJob` does, if it still stands where it stood when it was read, and
 * nobody runs it: in two round trips, for those who end thousands.
 * @returns false where it runs, or has moved since: then nothing has changed
 */
export async function endQueued(
  context: DispatchContext,
  record: JobRecord,
  status: 'cancelled' | 'expired',
  error?: JobError,
): Promise<boolean> {
  if (record.status !== 'queued') return false;
  // Nothing is appended to its attempts, so their number does not matter.
  return endAsRead(context, record, 0, { status, end: endOf(status, error) });
}

/** @returns false where the job has changed since it was read */
async function endAsRead(
  context: DispatchContext,
  record: JobRecord,
  attempts: number,
  { status, end }: { status: 'cancelled' | 'expired'; end: JobEnd },
): Promise<boolean> {
  const { request, progress, turn, version } = record;
  const now = context.clock.now();
  const open = openAttempts(record, attempts + 1, now);
  const ending = startEnding(request, status);
  const result = await context.store.transition(request, {
    version,
    status,
    nextTurn: turn + 1,
    appended: open,
    folded: [],
    end: { ...end, ...costSoFar(progress, open.length > 0) },
    endedAt: now,
    keepMs: context.views().settings.defaults.retentionMs,
  });
  if (!result.ok) return false;
  await Promise.all([
    // A worker may still call for a job that was taken from it; for one never begun nobody does.
    record.token > 0 && publishCancel(context.redis, context.keyPrefix, request),
    record.status === 'queued' && unplaceJob(context, request, progress, turn),
  ]);
  traceWait(request, progress, undefined, now);
  ending.end();
  return true;
}

const ERRORS = {
  cancelled: { code: 'cancelled', message: 'the job was cancelled' },
  expired: { code: 'expired', message: 'no provider answered before the job expired' },
} as const satisfies Partial<Record<JobStatus, JobError>>;

function endOf(status: keyof typeof ERRORS, error: JobError = ERRORS[status]): JobEnd {
  return { v: SCHEMA_VERSION, error };
}
