import type { Attempt, JobRecord } from '@understudy/contracts';
import { plannedAttempt } from '@understudy/routing';

/** The attempt whose call is open when its job ends: what was in flight, and that it may be billed. */
export function openAttempt(record: JobRecord, number: number, now: number): Attempt {
  const { request, progress, token } = record;
  if (progress.place.kind !== 'queue') {
    throw new Error(`job ${request.id} is in progress and stands in no queue`);
  }
  const { planned, since } = progress.place;
  const startedAt = record.runningSince ?? now;
  return {
    ...plannedAttempt(request, progress, planned, number),
    outcome: 'cancelled',
    rule: 'job_ended',
    queued_ms: startedAt - since,
    started_at: startedAt,
    duration_ms: now - startedAt,
    maybe_billed: true,
    token,
  };
}
