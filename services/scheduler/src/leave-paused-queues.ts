import type { OpenDispatch } from '@understudy/dispatch';
import { leaveQueue } from './leave-queue.ts';

const PRIORITIES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
/** Jobs of each priority that are moved at a time. */
const PAGE = 50;

/**
 * Empties the queues of paused providers, page by page: workers would pass the jobs over too, but
 * no faster than a limit on requests lets them take turns. Costs nothing while none is paused.
 * @returns 0 where more may be left
 */
export async function leavePausedQueues(dispatch: OpenDispatch): Promise<number | undefined> {
  let moved = 0;
  for (const provider of Object.keys(dispatch.views().settings.providers)) {
    if (dispatch.availability.pause(provider)?.paused !== true) continue;
    moved += await emptyPage(dispatch, provider);
  }
  return moved > 0 ? 0 : undefined;
}

async function emptyPage(dispatch: OpenDispatch, provider: string): Promise<number> {
  const { queue, store, clock } = dispatch;
  const pages = await Promise.all(
    PRIORITIES.map((priority) => queue.first(provider, priority, PAGE)),
  );
  const records = await store.readRecords(pages.flat());
  const left = await Promise.all(
    records
      .filter((record) => record !== undefined)
      .filter(({ status }) => status === 'queued')
      .map((record) => leaveQueue(dispatch, record, clock.now())),
  );
  return left.filter(Boolean).length;
}
