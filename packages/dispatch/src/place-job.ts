import type { JobProgress, JobRequest } from '@understudy/contracts';
import { jobKeys } from '@understudy/job-store';
import { orderNumberOnReturn } from '@understudy/queue';
import type { DispatchContext } from './dispatch-context.ts';

/** A job is looked at again this long after it was placed, in case placing it was interrupted. */
const FIRST_CHECK_MS = 10_000;
const LONGEST_CHECK_MS = 3_600_000;

/** When the scheduler has to look at a job that stands where its progress says. */
export function dueTime(request: JobRequest, progress: JobProgress, now: number): number {
  const { place } = progress;
  const waited = now - place.since;
  const check = now + Math.min(Math.max(FIRST_CHECK_MS, waited), LONGEST_CHECK_MS);
  const own = place.kind === 'queue' ? place.leave_at : place.wake_at;
  // An own time that has passed did not move the job; it must not make it due for ever.
  return Math.min(request.expires_at, check, own !== undefined && own > now ? own : Infinity);
}

/**
 * Puts the job where its record says: into a provider's queue, or into waiting rooms. The record
 * comes first, so whoever finds a record whose place is empty may do this again: it is idempotent.
 * @returns in how many places the job may not have stood before
 */
export async function placeJob(
  context: DispatchContext,
  request: JobRequest,
  progress: JobProgress,
  turn: number,
): Promise<number> {
  const { place } = progress;
  const { project, id, order } = request;
  if (place.kind === 'waiting') {
    if (place.rooms.length === 0) return 0;
    const { member } = jobKeys(context.keyPrefix, request);
    return context.rooms.enter(place.rooms, member, order);
  }
  await context.queue.add(
    place.planned.provider,
    { project, id, turn },
    turn === 1 ? order : orderNumberOnReturn(order),
  );
  return 1;
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
