import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Answer<Data> {
  /** The last that came for this question, also while it is asked again. */
  data: Data | undefined;
  error: unknown;
  /** Whether an answer is on its way. */
  isLoading: boolean;
  /**
   * Asks again at once, since somebody changed something: an answer that is on its way may be from
   * before. What is shown stays until the new answer is there.
   */
  reload(): void;
  /** Asks again, after the answer that is on its way: however much happens, that one is shown. */
  refresh(): void;
}

interface Held<Data> {
  key: string;
  data?: Data;
  error?: unknown;
}

/** After so long an answer is no longer waited for, once there is reason to ask again. */
const PATIENCE_MS = 60_000;

/**
 * Asks the broker, and asks again when the key changes, every `refreshMs` while the page is seen, and
 * on `reload` and `refresh`. An answer that takes longer than `refreshMs` is waited for.
 * @param key says what is asked; an answer to another question is not shown
 */
export function useAnswer<Data>(
  key: string,
  load: (signal: AbortSignal) => Promise<Data>,
  refreshMs?: number,
): Answer<Data> {
  const [held, setHeld] = useState<Held<Data>>({ key });
  const [isLoading, setIsLoading] = useState(true);
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  // When the question under way was asked; undefined while none is.
  const askedAt = useRef<number | undefined>(undefined);
  const isStale = useRef(false);
  const reload = useCallback(() => setTurn((count) => count + 1), []);
  const refresh = useCallback(() => {
    if (performance.now() - (askedAt.current ?? -Infinity) > PATIENCE_MS) reload();
    else isStale.current = true;
  }, [reload]);

  useEffect(() => {
    const abort = new AbortController();
    askedAt.current = performance.now();
    isStale.current = false;
    setIsLoading(true);
    const settle = (next: (before: Held<Data>) => Held<Data>): void => {
      if (abort.signal.aborted) return;
      askedAt.current = undefined;
      setHeld(next);
      setIsLoading(false);
      if (isStale.current) reload();
    };
    const request = async (): Promise<void> => {
      try {
        const data = await latest.current(abort.signal);
        settle(() => ({ key, data }));
      } catch (error) {
        settle((before) => (before.key === key ? { ...before, error } : { key, error }));
      }
    };
    void request();
    return () => abort.abort();
  }, [key, turn, reload]);

  useEffect(() => {
    if (refreshMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState !== 'visible') return;
      if (performance.now() - (askedAt.current ?? -Infinity) > PATIENCE_MS) reload();
    }, refreshMs);
    return () => clearInterval(timer);
  }, [refreshMs, reload]);

  const isOfThisKey = held.key === key;
  return {
    data: isOfThisKey ? held.data : undefined,
    error: isOfThisKey ? held.error : undefined,
    isLoading,
    reload,
    refresh,
  };
}
