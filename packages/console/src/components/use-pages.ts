import { useState } from 'preact/hooks';

export interface Pages {
  /** Where the page shown begins; undefined for the first. */
  after: string | undefined;
  /** Counts from 1. */
  page: number;
  onFirst(): void;
  onBack(): void;
  next(after: string): void;
}

/**
 * The way through a list that goes on by a cursor.
 * @param key says which list; another one begins at its first page
 */
export function usePages(key: string): Pages {
  const [held, setHeld] = useState<{ key: string; cursors: readonly string[] }>({
    key,
    cursors: [],
  });
  const cursors = held.key === key ? held.cursors : [];
  return {
    after: cursors.at(-1),
    page: cursors.length + 1,
    onFirst: () => setHeld({ key, cursors: [] }),
    onBack: () => setHeld({ key, cursors: cursors.slice(0, -1) }),
    next: (after) => setHeld({ key, cursors: [...cursors, after] }),
  };
}
