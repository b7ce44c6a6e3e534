import type { JobProgress, JobRequest } from '@understudy/contracts';
import { jobKeys } from '@understudy/job-store';
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
 * @param number where the job's number was taken beforehand
 * @returns in how many places the job may not have stood before
 */
export async function placeJob(
  context: DispatchContext,
  request: JobRequest,
  progress: JobProgress,
  turn: number,
  number?: Promise<number>,
): Promise<number> {
  const { place } = progress;
  const { project, id, order } = request;
  if (place.kind === 'waiting') {
    if (place.rooms.length === 0) return 0;
    const { member } = jobKeys(context.keyPrefix, request);
    return context.rooms.enter(place.rooms, member, order);
  }
  const { provider } = place.planned;
  const taken = await (number ?? takeNumber(context, request, provider, true));
  await context.queue.add(provider, { project, id, turn }, taken);
  return 1;
}

/**
 * Takes the job's number while its record is being written, so that it costs no time of its own. Where
 * the write then fails nobody asks for the number, and the project has lost one turn.
 * @returns undefined where the job goes into no queue
 */
export function takeNumberBeside(
  context: DispatchContext,
  request: JobRequest,
  { place }: JobProgress,
  comesBack: boolean,
): Promise<number> | undefined {
  if (place.kind !== 'queue') return undefined;
  const number = takeNumber(context, request, place.planned.provider, comesBack);
  // Awaited where the job is placed.
  number.catch(() => undefined);
  return number;
}

/** The job's number in a provider's queue, by the time of its submission if it comes back. */
export function takeNumber(
  { queue }: DispatchContext,
  { project, priority, created_at: submittedAt }: JobRequest,
  provider: string,
  comesBack: boolean,
): Promise<number> {
  return queue.takeNumber(provider, { project, priority, submittedAt, comesBack });
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
