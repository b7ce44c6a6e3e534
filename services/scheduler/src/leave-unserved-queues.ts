import { PRIORITIES } from '@understudy/contracts';
import type { JobRecord, Priority } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { isUnread } from '@understudy/job-store';
import { leaveLostCall } from './leave-lost-call.ts';
import { leaveQueue } from './leave-queue.ts';

/** Jobs of each priority that are looked at at a time. */
const PAGE = 50;
/** A page that nobody could leave is followed by the next after this: the queue may be long. */
const NEXT_PAGE_MS = 100;
/** A queue that was looked through is looked at again after this, or when something has changed. */
const REST_MS = 10_000;
/** What a worker fetched before it died is held by a lock that runs out soon: as often as workers look. */
const FETCHED_REST_MS = 2500;

export interface QueueLeaver {
  /** @returns after how many milliseconds it is to be called again, where more may be left */
  leave(): Promise<number | undefined>;
}

/** A time without a look, which ends early when something has changed. */
interface Rest {
  /** By the monotonic clock. */
  until: number;
  /** How often something had changed when the look began that it follows. */
  changes: number;
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
  const rests = new Map<string, Rest>();
  const fetchedRests = new Map<string, Rest>();
  let alive = '';
  let changes = 0;
  // A provider was paused, cooled or resumed. A reload tells of each that it finds changed, and then,
  // whether there were any or not, of itself.
  dispatch.availability.onChange((change) => {
    if (change !== undefined) changes += 1;
  });
  /** Where a provider has died, or has a worker again, jobs may have somewhere to go now. */
  const noticeAlive = (providers: readonly string[]): void => {
    const views = dispatch.views();
    const now = providers.filter((provider) => views.isAlive(provider)).join('\n');
    if (now !== alive) changes += 1;
    alive = now;
  };
  const isUnserved = (provider: string): boolean =>
    dispatch.availability.pause(provider)?.paused === true || !dispatch.views().isAlive(provider);
  const isOver = (rest: Rest | undefined): boolean =>
    rest?.changes !== changes || rest.until <= dispatch.clock.monotonic();
  const restAfter = (look: Pick<Rest, 'changes'>, durationMs: number): Rest => ({
    until: dispatch.clock.monotonic() + durationMs,
    changes: look.changes,
  });
  const leaveNext = async (provider: string): Promise<{ moved: number; isLast: boolean }> => {
    const pass = passes.get(provider) ?? { stayed: new Map(), changes };
    const page = await leavePage(dispatch, provider, pass);
    if (page.isLast) {
      passes.delete(provider);
      // What has changed since it began may let those go whom it saw first.
      rests.set(provider, restAfter(pass, REST_MS));
    } else {
      passes.set(provider, pass);
    }
    return page;
  };
  /** Also while the queue rests, or a long one is looked through. */
  const leaveLost = async (provider: string): Promise<number> => {
    const look = { changes };
    const moved = await leaveFetched(dispatch, provider);
    fetchedRests.set(provider, restAfter(look, FETCHED_REST_MS));
    return moved;
  };
  return {
    leave: async () => {
      const providers = Object.keys(dispatch.views().settings.providers);
      noticeAlive(providers);
      let moved = 0;
      let isMoreLeft = false;
      for (const provider of providers) {
        if (!isUnserved(provider)) {
          for (const known of [passes, rests, fetchedRests]) known.delete(provider);
          continue;
        }
        if (isOver(fetchedRests.get(provider))) moved += await leaveLost(provider);
        if (!isOver(rests.get(provider))) continue;
        const page = await leaveNext(provider);
        moved += page.moved;
        isMoreLeft ||= !page.isLast;
      }
      if (moved > 0) return 0;
      return isMoreLeft ? NEXT_PAGE_MS : undefined;
    },
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
      .flatMap((record) => (record === undefined || isUnread(record) ? [] : [record]))
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
