import type { JobRecord } from '@understudy/contracts';
import { takeStep, unplaceJob } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import { planNext } from '@understudy/routing';

/**
 * Lets a job go on that waits in the queue of a provider without a live worker, or longer than
 * its target's patience; only if a later target would take it now.
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
  const abandoned = !views.isAlive(planned.provider);
  const impatient = place.leave_at !== undefined && place.leave_at <= now;
  if (!abandoned && !impatient) return false;

  const plan = planNext(request, progress, views, now, dispatch.random());
  if (plan.kind !== 'queue') return false;
  const stored = await dispatch.store.read(request);
  if (stored === undefined) return false;
  const rule = abandoned ? 'no_worker' : 'max_queue_wait';
  const moved = await takeStep(
    dispatch,
    { request, progress, turn, attemptsStored: stored.attempts.length, attemptsMade: [] },
    { version: record.version },
    {
      ...plan,
      skips: [
        {
          candidate: { planned, alive: !abandoned, availability: { kind: 'open' } },
          rule,
        },
        ...plan.skips,
      ],
    },
  );
  if (moved.ok) await unplaceJob(dispatch, request, progress, turn);
  return moved.ok;
}
