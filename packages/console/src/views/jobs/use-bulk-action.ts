import { useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../../api/connection.ts';
import type { BulkFilter, BulkResult } from '../../api/contract.ts';
import { useApi } from '../../session/use-api.ts';
import { bulkFilterOf } from './job-filter.ts';
import type { JobFilter } from './job-filter.ts';

export type BulkActionName = BulkResult['action'];

export interface BulkAction {
  /** `stopping`: the page that is under way is the last. */
  phase: 'counting' | 'asking' | 'doing' | 'stopping' | 'done' | 'stopped';
  /** How many match, as far as they are counted. */
  matched: number;
  /** It was started, and may have changed something. */
  isBegun: boolean;
  done: number;
  /** Code of the refusal → how many were refused by it. */
  skipped: ReadonlyMap<string, number>;
  error: unknown;
  start(): void;
  /** After the page that is under way. */
  stop(): void;
  /** Where it was stopped: once more from the beginning, which does nothing twice. */
  goOn(): void;
}

const PAGE_SIZE = 1000;

/** Counts what an action would do, and does it page by page when told to. */
export function useBulkAction(action: BulkActionName, filter: JobFilter): BulkAction {
  const api = useApi();
  const [phase, setPhase] = useState<BulkAction['phase']>('counting');
  const [matched, setMatched] = useState(0);
  const [done, setDone] = useState(0);
  const [skipped, setSkipped] = useState<ReadonlyMap<string, number>>(new Map());
  const [error, setError] = useState<unknown>();
  const [isBegun, setIsBegun] = useState(false);
  const isStopped = useRef(false);
  // One filter and one key for all pages and runs: a page that is sent again makes nothing twice.
  const asked = useRef<{ filter: BulkFilter; key: string } | undefined>(undefined);
  asked.current ??= { filter: bulkFilterOf(filter, Date.now()), key: crypto.randomUUID() };
  const { filter: pinned, key } = asked.current;

  const page = (isDryRun: boolean, after: string | undefined): Promise<BulkResult> => {
    const call = {
      headers: isDryRun ? {} : { 'idempotency-key': key },
      body: {
        filter: pinned,
        limit: PAGE_SIZE,
        ...(after === undefined ? {} : { after }),
        ...(isDryRun ? { dry_run: true } : {}),
      },
    };
    return ask(
      action === 'cancel' ? api.POST('/v1/jobs/cancel', call) : api.POST('/v1/jobs/retry', call),
    );
  };
  /** @returns whether it came to the end */
  const eachPage = async (
    isDryRun: boolean,
    tell: (result: BulkResult) => void,
  ): Promise<boolean> => {
    let after: string | undefined;
    do {
      const result = await page(isDryRun, after);
      tell(result);
      after = result.has_more ? result.next_after : undefined;
    } while (after !== undefined && !isStopped.current);
    return after === undefined;
  };
  const failed = (reason: unknown): void => {
    setError(reason);
    setPhase('stopped');
  };

  const count = (): void => {
    setPhase('counting');
    setMatched(0);
    setError(undefined);
    const tell = (result: BulkResult): void => setMatched((before) => before + result.matched);
    eachPage(true, tell).then(() => setPhase('asking'), failed);
  };
  useEffect(() => {
    count();
    return () => {
      isStopped.current = true;
    };
  }, []);

  const add = (result: BulkResult): void => {
    setDone((before) => before + result.done);
    setSkipped((before) => withSkipped(before, result.skipped));
    // A limit is in the way: what is left would meet it as well.
    if (result.stopped !== undefined) throw new Error(result.stopped.message);
  };
  const start = (): void => {
    isStopped.current = false;
    setIsBegun(true);
    setPhase('doing');
    setError(undefined);
    // What was retried is told as done again under the same key; what was cancelled fits no more.
    if (action === 'retry') setDone(0);
    setSkipped(new Map());
    eachPage(false, add).then((isWhole) => setPhase(isWhole ? 'done' : 'stopped'), failed);
  };
  const stop = (): void => {
    isStopped.current = true;
    setPhase('stopping');
  };
  const goOn = isBegun ? start : count;
  return { phase, matched, isBegun, done, skipped, error, start, stop, goOn };
}

function withSkipped(
  before: ReadonlyMap<string, number>,
  skipped: BulkResult['skipped'],
): ReadonlyMap<string, number> {
  const counts = new Map(before);
  for (const { code } of skipped) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}
