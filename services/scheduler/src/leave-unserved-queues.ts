import { PRIORITIES } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { isNewerRecord } from '@understudy/job-store';
import { leaveQueue } from './leave-queue.ts';

/** Jobs of each priority that are moved at a time. */
const PAGE = 50;
/** A queue that nobody could leave is looked at again after this, or when something has changed. */
const STUCK_MS = 10_000;

export interface QueueLeaver {
  /** @returns 0 where more may be left, so that it is called again at once */
  leave(): Promise<number | undefined>;
  /** A provider was paused, cooled, resumed or has died: jobs may have somewhere to go now. */
  lookAgain(): void;
}

/**
 * Empties the queues that nobody serves, page by page: of paused providers, for workers pass their jobs
 * over no faster than a limit on requests lets them take turns; and of those without a live worker.
 * Costs nothing while there is none.
 */
export function createQueueLeaver(dispatch: OpenDispatch): QueueLeaver {
  const stuckUntil = new Map<string, number>();
  const isUnserved = (provider: string): boolean =>
    dispatch.availability.pause(provider)?.paused === true || !dispatch.views().isAlive(provider);
  return {
    leave: async () => {
      let moved = 0;
      for (const provider of Object.keys(dispatch.views().settings.providers)) {
        if (!isUnserved(provider)) continue;
        if ((stuckUntil.get(provider) ?? -Infinity) > dispatch.clock.monotonic()) continue;
        const ofProvider = await emptyPage(dispatch, provider);
        if (ofProvider === 0) stuckUntil.set(provider, dispatch.clock.monotonic() + STUCK_MS);
        moved += ofProvider;
      }
      return moved > 0 ? 0 : undefined;
    },
    lookAgain: () => stuckUntil.clear(),
  };
}

async function emptyPage(dispatch: OpenDispatch, provider: string): Promise<number> {
  const { queue, store, clock } = dispatch;
  const pages = await Promise.all(
    PRIORITIES.map((priority) => queue.first(provider, priority, PAGE)),
  );
  const records = await store.readEach(pages.flat());
  const left = await Promise.all(
    records
      .flatMap((record) => (record === undefined || isNewerRecord(record) ? [] : [record]))
      .filter(({ status }) => status === 'queued')
      .map((record) => leaveQueue(dispatch, record, clock.now())),
  );
  return left.filter(Boolean).length;
}
