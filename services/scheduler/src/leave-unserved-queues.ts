import { PRIORITIES } from '@understudy/contracts';
import type { Priority } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { isNewerRecord } from '@understudy/job-store';
import { leaveQueue } from './leave-queue.ts';

/** Jobs of each priority that are looked at at a time. */
const PAGE = 50;
/** A page that nobody could leave is followed by the next after this: the queue may be long. */
const NEXT_PAGE_MS = 100;
/** A queue that was looked through is looked at again after this, or when something has changed. */
const REST_MS = 10_000;

export interface QueueLeaver {
  /** @returns after how many milliseconds it is to be called again, where more may be left */
  leave(): Promise<number | undefined>;
  /** A provider was paused, cooled, resumed or has died: jobs may have somewhere to go now. */
  lookAgain(): void;
}

/** One look through a provider's queue, page by page. */
interface Pass {
  /** How many of each priority were seen and could not leave: the next page begins behind them. */
  stayed: Map<Priority, number>;
  /** How often something had changed when it began. */
  changes: number;
}

/**
 * Empties the queues that nobody serves, page by page: of paused providers, for workers pass their jobs
 * over no faster than a limit on requests lets them take turns; and of those without a live worker.
 * Those who can go nowhere hold back nobody behind them. Costs nothing while there is none.
 */
export function createQueueLeaver(dispatch: OpenDispatch): QueueLeaver {
  const passes = new Map<string, Pass>();
  const rests = new Map<string, { until: number } & Pick<Pass, 'changes'>>();
  let changes = 0;
  const isUnserved = (provider: string): boolean =>
    dispatch.availability.pause(provider)?.paused === true || !dispatch.views().isAlive(provider);
  const isResting = (provider: string): boolean => {
    const rest = rests.get(provider);
    return rest?.changes === changes && rest.until > dispatch.clock.monotonic();
  };
  const leaveNext = async (provider: string): Promise<{ moved: number; isLast: boolean }> => {
    const pass = passes.get(provider) ?? { stayed: new Map(), changes };
    const page = await leavePage(dispatch, provider, pass);
    if (page.isLast) {
      passes.delete(provider);
      // What has changed since it began may let those go whom it saw first.
      rests.set(provider, {
        until: dispatch.clock.monotonic() + REST_MS,
        changes: pass.changes,
      });
    } else {
      passes.set(provider, pass);
    }
    return page;
  };
  return {
    leave: async () => {
      const pages = [];
      for (const provider of Object.keys(dispatch.views().settings.providers)) {
        if (!isUnserved(provider)) {
          passes.delete(provider);
          rests.delete(provider);
        } else if (!isResting(provider)) {
          pages.push(await leaveNext(provider));
        }
      }
      if (pages.some(({ moved }) => moved > 0)) return 0;
      return pages.some(({ isLast }) => !isLast) ? NEXT_PAGE_MS : undefined;
    },
    lookAgain: () => void (changes += 1),
  };
}

/** Lets the next ones of each priority go, and notes in the pass how many stayed. */
async function leavePage(
  dispatch: OpenDispatch,
  provider: string,
  { stayed }: Pass,
): Promise<{ moved: number; isLast: boolean }> {
  // What they ask of Redis goes out together.
  const lines = await Promise.all(
    PRIORITIES.map(async (priority) => {
      const before = stayed.get(priority) ?? 0;
      const entries = await dispatch.queue.first(provider, priority, PAGE, before);
      const moved = await leaveAll(dispatch, entries);
      stayed.set(priority, before + entries.length - moved);
      return { moved, isLast: entries.length < PAGE };
    }),
  );
  return {
    moved: lines.reduce((sum, { moved }) => sum + moved, 0),
    isLast: lines.every(({ isLast }) => isLast),
  };
}

/** @returns how many have left */
async function leaveAll(
  dispatch: OpenDispatch,
  entries: Awaited<ReturnType<OpenDispatch['queue']['first']>>,
): Promise<number> {
  const { store, clock } = dispatch;
  const records = await store.readEach(entries);
  const left = await Promise.all(
    records
      .flatMap((record) => (record === undefined || isNewerRecord(record) ? [] : [record]))
      .filter(({ status }) => status === 'queued')
      .map((record) => leaveQueue(dispatch, record, clock.now())),
  );
  return left.filter(Boolean).length;
}
