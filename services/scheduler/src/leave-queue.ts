import type { JobRecord, Place } from '@understudy/contracts';
import { takeStep, unplaceJob } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import { isUnread } from '@understudy/job-store';
import { planNext } from '@understudy/routing';
import type { RoutingViews } from '@understudy/routing';
import { leadsAway } from './leads-away.ts';
import { isTakenOut } from './taken-out.ts';

/**
 * Lets a job go on that waits in a queue longer than its target's patience, if a later target would
 * take it now; one that waits in the queue of a provider without a live worker, also if its next
 * round would begin at a target that has one; and one that waits for a provider that an operator has
 * paused or taken out, to wherever its route leads.
 * @returns true when the job left
 */
export async function leaveQueue(
  dispatch: OpenDispatch,
  record: JobRecord,
  now: number,
): Promise<boolean> {
  const { request, progress, turn } = record;
  const { place } = progress;
  if (place.kind !== 'queue') return false;
  const { planned } = place;
  const views = dispatch.views();
  const rule = leavingRule(place, views, now);
  if (rule === undefined) return false;

  const random = dispatch.random();
  const plan = planNext(request, progress, views, now, random);
  const leaves =
    plan.kind === 'queue' ||
    (rule === 'no_worker' && leadsAway(plan, request, views, now, random)) ||
    (plan.kind === 'wait' &&
      (rule === 'paused' || (await isTakenOut(dispatch, planned.provider, request.model))));
  if (!leaves) return false;
  // What was said of its attempts need not open: their number is all that a move asks for.
  const [head] = await dispatch.store.readHeads([request]);
  if (head === undefined || isUnread(head)) return false;
  const alive = views.isAlive(planned.provider);
  const moved = await takeStep(
    dispatch,
    { request, progress, turn, attemptsStored: head.attempts, attemptsMade: [] },
    { version: record.version },
    {
      ...plan,
      skips: [
        { candidate: { planned, alive, availability: { kind: 'open' } }, rule },
        ...plan.skips,
      ],
    },
  );
  if (moved.ok) await unplaceJob(dispatch, request, progress, turn);
  return moved.ok;
}

/** Why a job should not go on waiting in a queue. */
function leavingRule(
  { planned, leave_at: leaveAt }: Extract<Place, { kind: 'queue' }>,
  views: RoutingViews,
  now: number,
): 'paused' | 'no_worker' | 'max_queue_wait' | undefined {
  const { provider, model_sent: model = '' } = planned;
  if (views.availability(provider, model, now).kind === 'paused') return 'paused';
  if (!views.isAlive(provider)) return 'no_worker';
  return leaveAt !== undefined && leaveAt <= now ? 'max_queue_wait' : undefined;
}
