import type { Clock } from '@understudy/runtime';

/** The runner says it again with every look at a batch that is being stopped; most take a second. */
const KEPT_MS = 60_000;

/** Batches of which no line is to be begun any more, as far as this process has heard. */
export interface StoppingBatches {
  note(id: string): void;
  has(id: string): boolean;
}

export function createStoppingBatches(clock: Pick<Clock, 'monotonic'>): StoppingBatches {
  /** By when the last word of each came: the oldest first. */
  const heard = new Map<string, number>();
  return {
    note: (id) => {
      const now = clock.monotonic();
      heard.delete(id);
      heard.set(id, now);
      for (const [old, at] of heard) {
        if (now - at < KEPT_MS) return;
        heard.delete(old);
      }
    },
    has: (id) => {
      const at = heard.get(id);
      return at !== undefined && clock.monotonic() - at < KEPT_MS;
    },
  };
}
