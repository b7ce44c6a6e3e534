import type { Attempt, JobEnd, JobRecord, JobStatus } from '@understudy/contracts';
import { SCHEMA_VERSION, isTerminal } from '@understudy/contracts';
import type { JobReference, StoredJob } from '@understudy/job-store';
import { publishCancel } from './cancel-channel.ts';
import type { DispatchContext } from './dispatch-context.ts';
import { unplaceJob } from './place-job.ts';

/** A worker may settle or hand over between the read and the write: so often is it tried again. */
const TRIES = 10;

/**
 * Ends a job from outside: the record first, then the worker that may hold a call open is told.
 * A job that has ended already is returned unchanged.
 * @returns undefined when there is no such job
 */
export async function endJob(
  context: DispatchContext,
  job: JobReference,
  status: 'cancelled' | 'expired',
): Promise<StoredJob | undefined> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const stored = await context.store.read(job);
    if (stored === undefined || isTerminal(stored.record.status)) return stored;
    const { record, attempts } = stored;
    const now = context.clock.now();
    const running = record.status === 'in_progress';
    const result = await context.store.transition(job, {
      version: record.version,
      status,
      nextTurn: record.turn + 1,
      appended: running ? [openAttempt(record, attempts.length + 1, now)] : [],
      folded: [],
      end: endOf(status),
      endedAt: now,
      keepMs: context.views().settings.defaults.retentionMs,
    });
    if (!result.ok) continue;
    await publishCancel(context.redis, context.keyPrefix, job);
    if (!running) await unplaceJob(context, record.request, record.progress, record.turn);
    return context.store.read(job);
  }
  throw new Error(`job ${job.id} changed ${TRIES} times while it was to become ${status}`);
}

/** The attempt whose call is open when its job ends: what was in flight, and that it may be billed. */
function openAttempt(record: JobRecord, number: number, now: number): Attempt {
  const { request, progress, token } = record;
  if (progress.place.kind !== 'queue') {
    throw new Error(`job ${request.id} is in progress and stands in no queue`);
  }
  const { planned, since } = progress.place;
  const startedAt = record.runningSince ?? now;
  return {
    number,
    round: progress.round,
    target: planned.target,
    provider: planned.provider,
    ...(planned.kind === undefined ? {} : { kind: planned.kind }),
    dialect: request.dialect,
    model_requested: request.model,
    ...(planned.model_drawn === undefined ? {} : { model_drawn: planned.model_drawn }),
    ...(planned.model_sent === undefined ? {} : { model_sent: planned.model_sent }),
    outcome: 'cancelled',
    rule: 'job_ended',
    queued_ms: startedAt - since,
    started_at: startedAt,
    duration_ms: now - startedAt,
    maybe_billed: true,
    token,
  };
}

function endOf(status: Extract<JobStatus, 'cancelled' | 'expired'>): JobEnd {
  const error =
    status === 'cancelled'
      ? { code: 'cancelled', message: 'the job was cancelled' }
      : { code: 'expired', message: 'no provider answered before the job expired' };
  return { v: SCHEMA_VERSION, error };
}
