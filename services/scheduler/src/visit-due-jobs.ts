import type { JobRecord } from '@understudy/contracts';
import { isTerminal } from '@understudy/contracts';
import { dueTime, endJob, placeJob, wakeJob } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import type { JobReference } from '@understudy/job-store';
import { leaveQueue } from './leave-queue.ts';

/** At most so many jobs of one shard are visited at a time. */
const PAGE = 200;
/** Jobs whose record could not be moved are looked at again after this. */
const STUCK_CHECK_MS = 30_000;

/**
 * Looks at every job whose time has come: its deadline, the end of a pause, the end of its
 * patience with a queue, or a check that it stands where its record says. Idle shards cost one
 * command each in one round trip.
 */
export async function visitDueJobs(dispatch: OpenDispatch): Promise<void> {
  const now = dispatch.clock.now();
  const due = await dispatch.store.due(now, PAGE);
  const records = await dispatch.store.readRecords(due);
  for (const [index, job] of due.entries()) {
    try {
      await visit(dispatch, job, records[index], now);
    } catch (error) {
      dispatch.logger.warn({ err: error, job: job.id }, 'a due job could not be moved on');
      await dispatch.store.postpone(job, now + STUCK_CHECK_MS);
    }
  }
}

async function visit(
  dispatch: OpenDispatch,
  job: JobReference,
  record: JobRecord | undefined,
  now: number,
): Promise<void> {
  if (record === undefined || isTerminal(record.status)) {
    await dispatch.store.forgetDue(job);
    return;
  }
  const { request, progress, status } = record;
  if (request.expires_at <= now) {
    await endJob(dispatch, job, 'expired');
    return;
  }
  const { place } = progress;
  if (status === 'queued' && place.kind === 'waiting') {
    if (wakesNow(dispatch, record, now) && (await wakeJob(dispatch, job))) return;
  }
  if (status === 'queued' && place.kind === 'queue') {
    if (await leaveQueue(dispatch, record, now)) return;
  }
  // The entry or the member is there already unless a crash came between record and place.
  await placeJob(dispatch, request, progress, record.turn);
  await dispatch.store.postpone(job, dueTime(request, progress, now));
}

/** Its pause is over, or what it waits for has opened without waking it. */
function wakesNow(dispatch: OpenDispatch, { progress }: JobRecord, now: number): boolean {
  const { place } = progress;
  if (place.kind !== 'waiting') return false;
  if (place.wake_at !== undefined && place.wake_at <= now) return true;
  if (place.rooms.length === 0) return place.wake_at === undefined;
  return place.rooms.some(
    ({ provider, model }) => dispatch.availability.state(provider, model, now).kind === 'open',
  );
}
