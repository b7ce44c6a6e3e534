import type { JobProgress, JobRequest } from '@understudy/contracts';
import { jobKeys } from '@understudy/job-store';
import type { PlaceInLine } from '@understudy/queue';
import type { DispatchContext } from './dispatch-context.ts';

/** A job is looked at again this long after it was placed, in case placing it was interrupted. */
const FIRST_CHECK_MS = 10_000;
const LONGEST_CHECK_MS = 3_600_000;
/**
 * Each check comes when the job has waited ten times as long as at the last: after 10 s, 100 s, 17
 * minutes. Only the first meets crashes; the others would cost a hundred thousand waiting jobs a
 * good part of a core, and what calls a job away from its place is not found by looking at it.
 */
const LATER_CHECKS = 9;

/** When the scheduler has to look at a job that stands where its progress says. */
export function dueTime(request: JobRequest, progress: JobProgress, now: number): number {
  const { place } = progress;
  const waited = now - place.since;
  const check = now + Math.min(Math.max(FIRST_CHECK_MS, waited * LATER_CHECKS), LONGEST_CHECK_MS);
  const own = place.kind === 'queue' ? place.leave_at : place.wake_at;
  // An own time that has passed did not move the job; it must not make it due for ever.
  return Math.min(request.expires_at, check, own !== undefined && own > now ? own : Infinity);
}

/**
 * Puts the job where its record says: into a provider's queue, or into waiting rooms. The record
 * comes first, so whoever finds a record whose place is empty may do this again: it is idempotent.
 * @param comesBack false where the job has never stood in a queue or a room
 * @returns in how many places the job did not stand before
 */
export async function placeJob(
  context: DispatchContext,
  request: JobRequest,
  progress: JobProgress,
  turn: number,
  comesBack = true,
): Promise<number> {
  const { place } = progress;
  if (place.kind === 'waiting') {
    if (place.rooms.length === 0) return 0;
    const { member } = jobKeys(context.keyPrefix, request);
    return context.rooms.enter(place.rooms, member, request.order);
  }
  const { project, id } = request;
  const line = placeInLine(request, comesBack);
  const entry = { project, id, turn };
  return (await context.queue.enter(place.planned.provider, entry, line, context.clock.now()))
    ? 1
    : 0;
}

/**
 * Puts a job into its next queue while its record is being changed, which was asked first: both go
 * to Redis in one write. A worker that meets the entry before the record says so gives it back, and
 * drops it where the record took another move than that of the start which is named.
 * @param by token of the start that moves the job
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
  const { project, id } = request;
  const line = placeInLine(request, true);
  const entering = queue.enter(
    place.planned.provider,
    { project, id, turn, by },
    line,
    clock.now(),
  );
  // Awaited where the record has changed; where it has not, its failure means nothing.
  entering.catch(() => undefined);
  return entering;
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
