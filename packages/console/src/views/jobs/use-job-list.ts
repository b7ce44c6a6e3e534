import { useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import type { JobPage, JobSummary } from '../../api/contract.ts';
import { useAnswer } from '../../api/use-answer.ts';
import type { StreamState } from '../../api/use-events.ts';
import { useLiveReload } from '../../api/use-live-reload.ts';
import { usePages } from '../../components/use-pages.ts';
import { useApi } from '../../session/use-api.ts';
import { findRows } from './find-rows.ts';
import { queryOf } from './job-filter.ts';
import type { JobFilter } from './job-filter.ts';
import { mergeRows } from './merge-rows.ts';

const PAGE_SIZE = 50;
/** Events come in bursts; the list is read once for all of a burst. */
const BURST_MS = 400;
/** Also without an event: a job that is accepted is told of only by the list. */
const REFRESH_MS = 4000;

export interface JobList {
  /** Until a page is there, those of the one before. */
  rows: JobSummary[];
  /** The rows are those of this page under this filter. */
  isLoaded: boolean;
  /** How many have come since the page was read; shown by `toNewest`. */
  newerCount: number;
  page: number;
  hasMore: boolean;
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
  /** Says which page under which filter. */
  key: string;
  rows: JobSummary[];
  newerCount: number;
  nextAfter?: string | undefined;
}

/** A page of the list, kept up to date in place; rows that are new wait until they are asked for. */
export function useJobList(filter: JobFilter): JobList {
  const api = useApi();
  const filterText = JSON.stringify(filter);
  const pages = usePages(filterText);
  const { after } = pages;
  const key = JSON.stringify([filterText, after]);
  // Where the rows of the page begin, behind stretches without any.
  const begin = useRef<{ key: string; from: string | undefined } | undefined>(undefined);
  const answer = useAnswer(
    key,
    async (signal) => {
      const read = (from: string | undefined): Promise<JobPage> => {
        const place = { limit: PAGE_SIZE, ...(from === undefined ? {} : { after: from }) };
        const query = { ...queryOf(filter, Date.now()), ...place };
        return ask(api.GET('/v1/jobs', { params: { query }, signal }));
      };
      const known = begin.current?.key === key ? begin.current.from : undefined;
      const { page, from } = await findRows(read, after, known);
      if (!signal.aborted) begin.current = { key, from };
      return page;
    },
    REFRESH_MS,
  );
  const stream = useLiveReload(answer.refresh, {}, BURST_MS);
  const [held, setHeld] = useState<Held>();
  /** The next answer is to be shown as it is, and not to be merged into what is shown. */
  const [isAnew, setIsAnew] = useState(false);
  const [changes, setChanges] = useState(0);
  const isLoaded = held?.key === key;

  const { data, error } = answer;
  useEffect(() => {
    if (data === undefined) return;
    const isMerged = isLoaded && !isAnew;
    setHeld(isMerged ? merged(held, data, after === undefined) : heldOf(key, data));
    setIsAnew(false);
    if (isLoaded) setChanges((count) => count + 1);
  }, [data]);

  const nextAfter = isLoaded ? held.nextAfter : undefined;
  return {
    rows: isLoaded || error === undefined ? (held?.rows ?? []) : [],
    isLoaded,
    newerCount: isLoaded ? held.newerCount : 0,
    page: pages.page,
    hasMore: nextAfter !== undefined,
    isBusy: (isAnew || !isLoaded) && error === undefined,
    error,
    stream,
    changes,
    toNewest: () => {
      setIsAnew(true);
      begin.current = undefined;
      if (after === undefined) answer.reload();
      else pages.onFirst();
    },
    back: pages.onBack,
    next: () => nextAfter !== undefined && pages.next(nextAfter),
  };
}

function heldOf(key: string, page: JobPage): Held {
  const nextAfter = page.has_more ? (page.next_after ?? page.last_id) : undefined;
  return { key, rows: page.data, newerCount: 0, nextAfter };
}

function merged(held: Held, page: JobPage, isNewest: boolean): Held {
  if (held.rows.length === 0) return heldOf(held.key, page);
  const { rows, newer } = mergeRows(held.rows, page.data);
  return { ...held, rows, newerCount: isNewest ? newer.length : 0 };
}
