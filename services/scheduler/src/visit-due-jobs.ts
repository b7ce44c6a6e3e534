import type { JobRecord } from '@understudy/contracts';
import { isTerminal } from '@understudy/contracts';
import { LEASE_CHECK_MS, dueTime, endJob, isPlaced, placeJob } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import { isNewerRecord, isUnread } from '@understudy/job-store';
import type { JobReference, UnreadRecord } from '@understudy/job-store';
import { leaveLostCall } from './leave-lost-call.ts';
import { leaveQueue } from './leave-queue.ts';
import { leaveWait } from './leave-wait.ts';
import { tellRestored } from './tell-restored.ts';

/** At most so many jobs of one shard are visited at a time. */
const PAGE = 200;
const VISITED_AT_ONCE = 500;
/** Jobs whose record could not be read or moved are looked at again after this. */
const STUCK_CHECK_MS = 30_000;
/** Those that a newer release wrote are left to its scheduler, which may lead soon. */
const NEWER_CHECK_MS = 5000;

/** Forgets what a job that has ended was asked and answered. */
export type ForgetPayload = (job: JobReference) => Promise<void>;

/** What became of a due job. */
export type Visit =
  | 'expired'
  /** Left its wait, or waits for something else too. */
  | 'woken'
  /** Left the queue of a dead or slow provider for a later target. */
  | 'moved_on'
  /** Did not stand where its record says, and does again. */
  | 'restored'
  /** Stands where it should. */
  | 'in_place'
  /** Ended, and was not to be stored: nobody has fetched the answer. */
  | 'payload_forgotten'
  /** Ended already. */
  | 'forgotten'
  /** Written by a newer release, whose scheduler sees to it. */
  | 'newer'
  /** Its record does not open, or cannot be understood: left as it is. */
  | 'unreadable'
  | 'failed';

/**
 * Looks at every job whose time has come: its deadline, the end of a pause, the end of its
 * patience with a queue, the end of the time that its payload may be kept, or a check that it stands
 * where its record says. Idle shards cost one command each in one round trip.
 */
export async function visitDueJobs(
  dispatch: OpenDispatch,
  forget: ForgetPayload,
): Promise<Visit[]> {
  const now = dispatch.clock.now();
  const due = await dispatch.store.due(now, PAGE);
  const visits: Visit[] = [];
  for (let start = 0; start < due.length; start += VISITED_AT_ONCE) {
    const some = due.slice(start, start + VISITED_AT_ONCE);
    const records = await dispatch.store.readEach(some);
    // What they ask of Redis goes out together.
    visits.push(
      ...(await Promise.all(
        some.map((job, index) => visitSafely(dispatch, forget, job, records[index], now)),
      )),
    );
  }
  tellRestored(
    dispatch.logger,
    due.filter((_, index) => visits[index] === 'restored'),
  );
  return visits;
}

async function visitSafely(
  dispatch: OpenDispatch,
  forget: ForgetPayload,
  job: JobReference,
  record: JobRecord | UnreadRecord | undefined,
  now: number,
): Promise<Visit> {
  try {
    return await visit(dispatch, forget, job, record, now);
  } catch (error) {
    dispatch.logger.warn({ err: error, job: job.id }, 'a due job could not be moved on');
    await dispatch.store.postpone(job, now, now + STUCK_CHECK_MS);
    return 'failed';
  }
}

async function visit(
  dispatch: OpenDispatch,
  forget: ForgetPayload,
  job: JobReference,
  record: JobRecord | UnreadRecord | undefined,
  now: number,
): Promise<Visit> {
  if (isNewerRecord(record)) {
    await dispatch.store.postpone(job, now, now + NEWER_CHECK_MS);
    return 'newer';
  }
  if (isUnread(record)) {
    await dispatch.store.postpone(job, now, now + STUCK_CHECK_MS);
    return 'unreadable';
  }
  if (record === undefined || isTerminal(record.status)) {
    const forgets = record?.request.store === false && record.payloadForgotten !== true;
    // Where it has ended since it was found due, its caller has yet to fetch the answer.
    const isLate = forgets && (await dispatch.store.isDue(job, now));
    if (isLate) await forget(job);
    await dispatch.store.forgetDue(job, now);
    if (isLate) return 'payload_forgotten';
    return 'forgotten';
  }
  const { request, progress, status } = record;
  if (request.expires_at <= now) {
    await endJob(dispatch, job, 'expired');
    return 'expired';
  }
  if (await leaveWait(dispatch, record, now)) return 'woken';
  if (status === 'queued' && progress.place.kind === 'queue') {
    if (await leaveQueue(dispatch, record, now)) return 'moved_on';
  }
  if (status === 'in_progress' && (await leaveLostCall(dispatch, record, now))) return 'moved_on';
  const restored = await restorePlace(dispatch, record);
  await dispatch.store.postpone(job, now, nextLook(dispatch, record, now));
  return restored ? 'restored' : 'in_place';
}

/** Of a job in progress nobody but the lock of its entry tells that its worker has died. */
function nextLook(
  dispatch: OpenDispatch,
  { request, progress, status }: JobRecord,
  now: number,
): number {
  if (status !== 'in_progress') return dueTime(request, progress, now, dispatch.random());
  return Math.min(request.expires_at, now + LEASE_CHECK_MS);
}

/** The entry or the member is missing if a crash came between the record and its place. */
async function restorePlace(dispatch: OpenDispatch, record: JobRecord): Promise<boolean> {
  const { request, progress, turn } = record;
  if (await isPlaced(dispatch, request, progress, turn)) return false;
  // Or because the job has left that place since it was read.
  if (!(await standsStill(dispatch, record))) return false;
  await placeJob(dispatch, request, progress, turn);
  return true;
}

/** Whether a job is at the turn at which it was read. */
async function standsStill(
  { store }: OpenDispatch,
  { request, status, turn }: JobRecord,
): Promise<boolean> {
  const [now] = await store.readEach([request]);
  if (now === undefined || isUnread(now)) return false;
  return now.status === status && now.turn === turn;
}
