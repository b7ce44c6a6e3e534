import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Answer<Data> {
  /** The last that came for this question, also while it is asked again. */
  data: Data | undefined;
  error: unknown;
  /** Whether an answer is on its way. */
  isLoading: boolean;
  /** Asks again; what is shown stays until the new answer is there. */
  reload(): void;
}

interface Held<Data> {
  key: string;
  data?: Data;
  error?: unknown;
}

/**
 * Asks the broker, and asks again when the key changes, every `refreshMs` while the page is seen,
 * and on `reload`.
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
  const reload = useCallback(() => setTurn((count) => count + 1), []);

  useEffect(() => {
    const abort = new AbortController();
    setIsLoading(true);
    const settle = (next: (before: Held<Data>) => Held<Data>): void => {
      if (abort.signal.aborted) return;
      setHeld(next);
      setIsLoading(false);
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
  }, [key, turn]);

  useEffect(() => {
    if (refreshMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload();
    }, refreshMs);
    return () => clearInterval(timer);
  }, [refreshMs, reload]);

  const isOfThisKey = held.key === key;
  return {
    data: isOfThisKey ? held.data : undefined,
    error: isOfThisKey ? held.error : undefined,
    isLoading,
    reload,
  };
}
