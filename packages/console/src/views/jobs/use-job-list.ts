import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import type { JobSummary } from '../../api/contract.ts';
import { useEvents } from '../../api/use-events.ts';
import type { StreamState } from '../../api/use-events.ts';
import { useApi } from '../../session/use-api.ts';
import { queryOf } from './job-filter.ts';
import type { JobFilter } from './job-filter.ts';
import { mergeRows } from './merge-rows.ts';

const PAGE_SIZE = 50;
/** Events come in bursts; the list is read once for all of a burst. */
const BURST_MS = 400;
/** Also without an event: a job that is accepted is told of only by the list. */
const REFRESH_MS = 4000;

export interface JobList {
  rows: JobSummary[];
  /** How many have come since the page was read; shown by `toNewest`. */
  newerCount: number;
  page: number;
  hasMore: boolean;
  isFirstLoad: boolean;
  isBusy: boolean;
  error: unknown;
  stream: StreamState;
  /** Grows each time something was heard of. */
  changes: number;
  toNewest(): void;
  back(): void;
  next(): void;
}

interface Held {
  rows: JobSummary[];
  newerCount: number;
  nextAfter?: string | undefined;
}

/** Of the pages gone through, the one that is shown last. */
interface Place {
  filterText: string;
  cursors: readonly (string | undefined)[];
}

const NEWEST: Place['cursors'] = [undefined];

/** A page of the list, kept up to date in place; rows that are new wait until they are asked for. */
export function useJobList(filter: JobFilter): JobList {
  const api = useApi();
  const filterText = JSON.stringify(filter);
  const [place, setPlace] = useState<Place>({ filterText, cursors: NEWEST });
  // Under another filter one begins with the newest again.
  const cursors = place.filterText === filterText ? place.cursors : NEWEST;
  const setCursors = (next: Place['cursors']): void => setPlace({ filterText, cursors: next });
  const [held, setHeld] = useState<Held>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(true);
  const [changes, setChanges] = useState(0);
  const after = cursors.at(-1);

  const read = useCallback(
    async (signal: AbortSignal) =>
      ask(
        api.GET('/v1/jobs', {
          params: {
            query: {
              ...queryOf(filter, Date.now()),
              limit: PAGE_SIZE,
              ...(after === undefined ? {} : { after }),
            },
          },
          signal,
        }),
      ),
    [api, after, filterText],
  );

  useEffect(() => {
    const abort = new AbortController();
    setIsBusy(true);
    const show = async (): Promise<void> => {
      try {
        const page = await read(abort.signal);
        if (abort.signal.aborted) return;
        const nextAfter = page.has_more ? (page.next_after ?? page.last_id) : undefined;
        setHeld({ rows: page.data, newerCount: 0, nextAfter });
        setError(undefined);
      } catch (reason) {
        if (abort.signal.aborted) return;
        setError(reason);
      }
      setIsBusy(false);
    };
    void show();
    return () => abort.abort();
  }, [read, cursors]);

  const refresh = useCallback(async (): Promise<void> => {
    const page = await read(new AbortController().signal).catch(() => undefined);
    if (page === undefined) return;
    setHeld((before) => {
      if (before === undefined) return before;
      if (before.rows.length === 0) return { ...before, rows: page.data, newerCount: 0 };
      const { rows, newer } = mergeRows(before.rows, page.data);
      return { ...before, rows, newerCount: after === undefined ? newer.length : 0 };
    });
    setChanges((count) => count + 1);
  }, [read, after]);
  const stream = useRefreshing(refresh);

  return {
    rows: held?.rows ?? [],
    newerCount: held?.newerCount ?? 0,
    page: cursors.length,
    hasMore: held?.nextAfter !== undefined,
    isFirstLoad: held === undefined,
    isBusy,
    error,
    stream,
    changes,
    toNewest: () => setCursors([...NEWEST]),
    back: () => setCursors(cursors.length > 1 ? cursors.slice(0, -1) : [...NEWEST]),
    next: () => setCursors([...cursors, held?.nextAfter]),
  };
}

/** Refreshes soon after an event, and now and then without one. */
function useRefreshing(refresh: () => Promise<void>): StreamState {
  const latest = useRef(refresh);
  latest.current = refresh;
  const burst = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const refreshSoon = useCallback(() => {
    burst.current ??= setTimeout(() => {
      burst.current = undefined;
      void latest.current();
    }, BURST_MS);
  }, []);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refreshSoon();
    }, REFRESH_MS);
    return () => {
      clearInterval(timer);
      clearTimeout(burst.current);
    };
  }, []);
  return useEvents({}, refreshSoon);
}
