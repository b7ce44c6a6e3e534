import type { JobRecord } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { risenOrder } from '@understudy/queue';

/** Priority 0 is the highest; nothing rises from there. */
const RISING_PRIORITIES = [1, 2, 3, 4, 5, 6, 7, 8, 9];
/** The oldest of a priority stand first, so a page of them at a time is all that must be looked at. */
const PAGE = 50;

/**
 * Lets jobs that have waited long rise by one priority for each `ageing` time since they were
 * submitted, so that an endless stream of more important jobs starves none. A queue without old
 * jobs costs nine small reads.
 */
export async function ageQueues({ queue, store, clock, views }: OpenDispatch): Promise<void> {
  const { providers, defaults } = views().settings;
  const now = clock.now();
  for (const provider of Object.keys(providers)) {
    const pages = await Promise.all(
      RISING_PRIORITIES.map((priority) => queue.first(provider, priority, PAGE)),
    );
    for (const [index, turns] of pages.entries()) {
      const priority = RISING_PRIORITIES[index] ?? 0;
      const records = await store.readRecords(turns.map(({ entry }) => entry));
      for (const [place, { entry, order }] of turns.entries()) {
        const risen = agedPriority(records[place], now, defaults.ageingMs);
        if (risen < priority) await queue.reorder(provider, entry, risenOrder(order, risen));
      }
    }
  }
}

/** Where a job belongs by now; never lower than it was submitted. */
export function agedPriority(record: JobRecord | undefined, now: number, ageingMs: number): number {
  if (record === undefined) return Infinity;
  const { priority, created_at: createdAt } = record.request;
  return Math.max(0, priority - Math.floor((now - createdAt) / ageingMs));
}
