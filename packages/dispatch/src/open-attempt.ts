import type { Attempt, JobRecord } from '@understudy/contracts';
import { plannedAttempt } from '@understudy/routing';

/** The attempt whose call is open when its job ends: what was in flight, and that it may be billed. */
export function openAttempt(record: JobRecord, number: number, now: number): Attempt {
  const call = openCall(record, number, now);
  return {
    ...call,
    outcome: 'cancelled',
    rule: 'job_ended',
    duration_ms: now - call.started_at,
  };
}

/**
 * The attempt that stands for a start which never ended, as `begin.lua` writes it: nobody knows how
 * long its call took.
 */
export function interruptedAttempt(record: JobRecord, number: number, now: number): Attempt {
  return { ...openCall(record, number, now), outcome: 'interrupted', rule: 'interrupted' };
}

/** What is known of the call of the start that holds the token. */
function openCall(record: JobRecord, number: number, now: number): Omit<Attempt, 'outcome'> {
  const { request, progress, token } = record;
  if (progress.place.kind !== 'queue') {
    throw new Error(`job ${request.id} is in progress and stands in no queue`);
  }
  const { planned, since } = progress.place;
  const startedAt = record.runningSince ?? now;
  return {
    ...plannedAttempt(request, progress, planned, number),
    queued_ms: Math.max(0, startedAt - since),
    started_at: startedAt,
    maybe_billed: true,
    token,
  };
}
