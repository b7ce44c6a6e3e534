import type { JobProgress, JobRequest, Place, QueueEntry } from '@understudy/contracts';
import { jobKeys } from '@understudy/job-store';
import type { PlaceInLine } from '@understudy/queue';
import type { DispatchContext } from './dispatch-context.ts';

/** A job in progress is looked at each time after this long, in case its entry vanished. */
export const LEASE_CHECK_MS = 30_000;
/** A job is looked at again this long after it was placed, in case placing it was interrupted. */
const FIRST_CHECK_MS = 10_000;
const LONGEST_CHECK_MS = 3_600_000;
/**
 * Each check comes when the job has waited ten times as long as at the last, or by chance later, up
 * to a hundred times. Only the first meets crashes; the others would cost a hundred thousand waiting
 * jobs a good part of a core, and what calls a job away from its place is not found by looking at it.
 */
const LATER_CHECKS = 9;
const LATEST_CHECKS = 99;

/**
 * When the scheduler has to look at a job that stands where its progress says, and is not in progress.
 * @param draw 0 to 1; by chance, so that those who began to wait together are not checked together
 */
export function dueTime(
  request: JobRequest,
  progress: JobProgress,
  now: number,
  draw: number = 0,
): number {
  const { place } = progress;
  const own = place.kind === 'queue' ? place.leave_at : place.wake_at;
  const isOver = own !== undefined && own <= now;
  const chance = own === undefined ? draw * (LATEST_CHECKS - LATER_CHECKS) : 0;
  // One whose own time has passed is looked at for more than its place: it goes on once anything lets
  // it, and before that time is twice as long past.
  const later = isOver ? now - own : (now - place.since) * (LATER_CHECKS + chance);
  const check = now + Math.min(Math.max(FIRST_CHECK_MS, later), LONGEST_CHECK_MS);
  // An own time that has passed did not move the job; it must not make it due for ever.
  return Math.min(request.expires_at, check, own === undefined || isOver ? Infinity : own);
}

/**
 * Puts the job where its record says: into a provider's queue, or into waiting rooms. The record
 * comes first, so whoever finds a record whose place is empty may do this again: it is idempotent.
 * @param comesBack false where the job has never stood in a queue or a room
 */
export async function placeJob(
  context: DispatchContext,
  request: JobRequest,
  progress: JobProgress,
  turn: number,
  comesBack = true,
): Promise<void> {
  const { place } = progress;
  if (place.kind === 'waiting') {
    if (place.rooms.length === 0) return;
    const { member } = jobKeys(context.keyPrefix, request);
    await context.rooms.enter(place.rooms, member, request.order);
    return;
  }
  const line = placeInLine(request, comesBack);
  const entry = entryOf(request, turn);
  await context.queue.enter(place.planned.provider, entry, line, context.clock.now());
}

/** Whether a job stands where its record says; of one that waits for the time alone, always. */
export async function isPlaced(
  context: DispatchContext,
  request: JobRequest,
  { place }: JobProgress,
  turn: number,
): Promise<boolean> {
  if (place.kind === 'waiting') {
    return context.rooms.stands(place.rooms, jobKeys(context.keyPrefix, request).member);
  }
  const { project, id } = request;
  return context.queue.has(place.planned.provider, { project, id, turn });
}

/**
 * Takes a job that has moved out of the rooms in which it waits no more. To be done before it stands
 * elsewhere: a room to which it came back meanwhile would be left as well.
 * @param after where it goes; absent where it has ended
 */
export async function leaveRooms(
  context: DispatchContext,
  request: JobRequest,
  before: Place,
  after?: Place,
): Promise<void> {
  if (before.kind !== 'waiting') return;
  const kept = after?.kind === 'waiting' ? after.rooms : [];
  const left = before.rooms.filter(
    ({ provider, model }) =>
      !kept.some((room) => room.provider === provider && room.model === model),
  );
  await context.rooms.leave(left, jobKeys(context.keyPrefix, request).member);
}

/**
 * Puts a job into its next queue while its record is being written, which was asked first: both go
 * to Redis in one write. A worker that meets the entry before the record says so gives it back, and
 * drops it where the record took another move than that of the start which is named.
 * @param by token of the start that moves the job; 0 where none has
 * @returns undefined where the job goes into no queue
 */
export function enterBeside(
  { queue, clock }: DispatchContext,
  request: JobRequest,
  { place }: JobProgress,
  turn: number,
  by: number,
): Promise<boolean> | undefined {
  if (place.kind !== 'queue') return undefined;
  const line = placeInLine(request, turn > 1);
  const entry = { ...entryOf(request, turn), by };
  const entering = queue.enter(place.planned.provider, entry, line, clock.now());
  // Awaited where the record has changed; where it has not, its failure means nothing.
  entering.catch(() => undefined);
  return entering;
}

function entryOf({ project, id, batch }: JobRequest, turn: number): Omit<QueueEntry, 'v'> {
  return { project, id, turn, ...(batch === undefined ? {} : { line_of: batch.id }) };
}

/** In a queue a job that comes back stands by the time of its submission. */
function placeInLine(
  { project, priority, created_at: submittedAt }: JobRequest,
  comesBack: boolean,
): PlaceInLine {
  return { project, priority, submittedAt, comesBack };
}

/** Takes a job out of where it stood. What is left behind by a crash finds itself stale. */
export async function unplaceJob(
  context: DispatchContext,
  request: JobRequest,
  progress: JobProgress,
  turn: number,
): Promise<void> {
  const { place } = progress;
  if (place.kind === 'waiting') {
    if (place.rooms.length === 0) return;
    await context.rooms.leave(place.rooms, jobKeys(context.keyPrefix, request).member);
    return;
  }
  const { project, id } = request;
  await context.queue.remove(place.planned.provider, { project, id, turn });
}
