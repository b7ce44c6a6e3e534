import type { JobRecord } from '@understudy/contracts';
import { interruptedJob, takeStep, unplaceJob } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import { isUnread } from '@understudy/job-store';
import { planNext } from '@understudy/routing';
import { leadsAway } from './leads-away.ts';

/**
 * Lets a job go on whose call was cut off when the last worker of its provider died, if another
 * target would take it: no other worker of that queue is there to find that the turn has stalled.
 * One that froze, or lost Redis for longer than its lock, may still bring its answer.
 * @param record as it was read just now
 * @returns true when the job left
 */
export async function leaveLostCall(
  dispatch: OpenDispatch,
  record: JobRecord,
  now: number,
): Promise<boolean> {
  const { request, progress, turn, status, version } = record;
  const { place } = progress;
  if (status !== 'in_progress' || place.kind !== 'queue') return false;
  const { provider } = place.planned;
  const views = dispatch.views();
  if (views.isAlive(provider)) return false;
  const { project, id } = request;
  // After the record was read: a worker that took the turn before has its lock, one that takes it
  // later changes the version.
  const [isHeld, [head]] = await Promise.all([
    dispatch.queue.isHeld(provider, { project, id, turn }),
    dispatch.store.readHeads([request]),
  ]);
  if (isHeld || head === undefined || isUnread(head)) return false;

  const job = interruptedJob(record, head.attempts, now);
  const random = dispatch.random();
  const plan = planNext(request, job.progress, views, now, random);
  if (!leadsAway(plan, request, views, now, random)) return false;
  const moved = await takeStep(dispatch, job, { version }, plan);
  if (moved.ok) await unplaceJob(dispatch, request, progress, turn);
  return moved.ok;
}
