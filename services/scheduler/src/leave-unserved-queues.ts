import { PRIORITIES } from '@understudy/contracts';
import type { JobRecord, Priority } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { isNewerRecord } from '@understudy/job-store';
import { leaveLostCall } from './leave-lost-call.ts';
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
 * over no faster than a limit on requests lets them take turns; and of those without a live worker,
 * where calls that were cut off by its death go on as well. Those who can go nowhere hold back nobody
 * behind them. Costs nothing while there is none.
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
    const known = passes.get(provider);
    const pass = known ?? { stayed: new Map(), changes };
    const fetched = known === undefined ? await leaveFetched(dispatch, provider) : 0;
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
    return { ...page, moved: fetched + page.moved };
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

/** Lets those go whom a worker had fetched before it died; few, as they were served at a time. */
async function leaveFetched(dispatch: OpenDispatch, provider: string): Promise<number> {
  if (dispatch.views().isAlive(provider)) return 0;
  return leaveAll(dispatch, await dispatch.queue.fetched(provider));
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
  const records = await dispatch.store.readEach(entries);
  const left = await Promise.all(
    records
      .flatMap((record) => (record === undefined || isNewerRecord(record) ? [] : [record]))
      .map((record) => leave(dispatch, record)),
  );
  return left.filter(Boolean).length;
}

/** @returns whether it has left */
async function leave(dispatch: OpenDispatch, record: JobRecord): Promise<boolean> {
  const now = dispatch.clock.now();
  if (record.status === 'queued') return leaveQueue(dispatch, record, now);
  return record.status === 'in_progress' && leaveLostCall(dispatch, record, now);
}
