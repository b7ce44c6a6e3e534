import type { Attempt, JobRecord } from '@understudy/contracts';
import { plannedAttempt } from '@understudy/routing';

/**
 * The attempt whose call is open when its job ends: what was in flight, and that it may be billed;
 * none where no call is.
 */
export function openAttempts(record: JobRecord, number: number, now: number): Attempt[] {
  return openCalls(record, number, now).map((call): Attempt => ({
    ...call,
    outcome: 'cancelled',
    rule: 'job_ended',
    duration_ms: now - call.started_at,
  }));
}

/**
 * The attempt that stands for a start which never ended, as `begin.lua` writes it: nobody knows how
 * long its call took.
 */
export function interruptedAttempts(record: JobRecord, number: number, now: number): Attempt[] {
  return openCalls(record, number, now).map((call): Attempt => ({
    ...call,
    outcome: 'interrupted',
    rule: 'interrupted',
  }));
}

/**
 * What is known of the call of the start that holds the token. A start that found its job waiting,
 * by an entry that should not have been, made none: the job must end all the same.
 */
function openCalls(record: JobRecord, number: number, now: number): Omit<Attempt, 'outcome'>[] {
  const { request, progress, status, token } = record;
  if (status !== 'in_progress' || progress.place.kind !== 'queue') return [];
  const { planned, since } = progress.place;
  const startedAt = record.runningSince ?? now;
  return [
    {
      ...plannedAttempt(request, progress, planned, number),
      queued_ms: Math.max(0, startedAt - since),
      started_at: startedAt,
      maybe_billed: true,
      token,
    },
  ];
}
