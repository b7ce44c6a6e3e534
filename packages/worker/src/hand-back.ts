import type { Attempt, JobProgress } from '@understudy/contracts';
import { dueTime, placeJob } from '@understudy/dispatch';
import type { HeldTurn } from './held-turn.ts';
import { jobCost } from './job-cost.ts';
import type { WorkerContext } from './worker-context.ts';

/**
 * This process stops before the answer came: another one may take the same target again.
 * @param attempts made since the turn began, that under way included; none where no call was made yet
 */
export async function handBack(
  { dispatch }: WorkerContext,
  held: HeldTurn,
  attempts: readonly Attempt[],
): Promise<void> {
  const { request, planned, token, turn } = held;
  const now = dispatch.clock.now();
  const progress: JobProgress = {
    ...held.progress,
    place: { kind: 'queue', since: now, ...patienceAnew(held.progress, now), planned },
    ...jobCost(held.progress, attempts),
  };
  const moved = await dispatch.store.transition(request, {
    token,
    status: 'queued',
    nextTurn: turn + 1,
    progress,
    dueAt: dueTime(request, progress, now),
    appended: [...attempts],
    folded: [],
  });
  if (moved.ok) await placeJob(dispatch, request, progress, turn + 1);
}

/** In the queue it has as long as the target gave it when it first came: the call was no waiting. */
function patienceAnew({ place }: JobProgress, now: number): { leave_at?: number } {
  if (place.kind !== 'queue' || place.leave_at === undefined) return {};
  return { leave_at: now + place.leave_at - place.since };
}
