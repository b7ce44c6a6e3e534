import { dueTime } from '@understudy/dispatch';
import { startWait } from '@understudy/routing';
import type { HeldTurn } from './held-turn.ts';
import type { WorkerContext } from './worker-context.ts';

const FIRST_REST_MS = 1000;
/** With the 13 s after which a dead worker's job runs again still well within a minute. */
const LONGEST_REST_MS = 20_000;

/**
 * A job whose starts never end may be what kills its workers: it rests, longer each time, so that
 * it takes at most one worker with it now and then. The starts stay counted.
 *
 * One of them may only have been frozen, and yet add an entry for the turn that follows its own. The
 * count that stays would let it pass for the start that has moved the job: so that turn is left out.
 */
export async function pauseInterrupted(
  { dispatch }: WorkerContext,
  held: HeldTurn,
  starts: number,
): Promise<void> {
  const now = dispatch.clock.now();
  const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(starts - 3, 10));
  const progress = startWait(held.progress, {
    kind: 'waiting',
    since: now,
    reason: 'interrupted',
    until: now + rest,
    wake_at: now + rest,
    rooms: [],
  });
  await dispatch.store.transition(held.request, {
    token: held.token,
    keepStarts: true,
    status: 'queued',
    nextTurn: held.turn + 2,
    progress,
    dueAt: dueTime(held.request, progress, now),
    appended: [],
    folded: [],
  });
}
