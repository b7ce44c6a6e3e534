/** Something that several may say. */
export interface Folded<T> {
  /** In the order in which they said it. */
  names: readonly string[];
  what: T;
}

export interface Fold<T> {
  /** @param key equal for what says the same */
  add(name: string, key: string, what: T): void;
  /** Tells at once what is still held. */
  flush(): void;
}

/** So far apart is said by several processes what they all meet at the same time. */
const FOLD_MS = 1000;

/**
 * Holds what is said for a second, so that what others say too is told once, with all their names. What
 * the same one says again is told again.
 */
export function createFold<T>(tell: (folded: Folded<T>) => void): Fold<T> {
  const held = new Map<string, { names: string[]; what: T; timer: NodeJS.Timeout }>();
  const release = (key: string): void => {
    const entry = held.get(key);
    if (entry === undefined) return;
    held.delete(key);
    clearTimeout(entry.timer);
    tell(entry);
  };
  return {
    add: (name, key, what) => {
      if (held.get(key)?.names.includes(name) === true) release(key);
      const entry = held.get(key);
      if (entry === undefined) {
        const timer = setTimeout(release, FOLD_MS, key);
        held.set(key, { names: [name], what, timer });
      } else {
        entry.names.push(name);
      }
    },
    flush: () => {
      for (const key of held.keys()) release(key);
    },
  };
}
