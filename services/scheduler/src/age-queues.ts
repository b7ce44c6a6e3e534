import type { JobRecord } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';

/** Priority 0 is the highest; nothing rises from there. */
const RISING_PRIORITIES = [1, 2, 3, 4, 5, 6, 7, 8, 9];
/**
 * The oldest of each project stand first, so a page at a time is all that must be looked at: what is
 * young of it makes room by being served or by growing old.
 */
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
    for (const [index, entries] of pages.entries()) {
      const priority = RISING_PRIORITIES[index] ?? 0;
      const records = await store.readRecords(entries);
      for (const [place, entry] of entries.entries()) {
        const record = records[place];
        if (record === undefined) continue;
        const risen = agedPriority(record, now, defaults.ageingMs);
        if (risen >= priority) continue;
        const { project, created_at: submittedAt } = record.request;
        await queue.rise(provider, entry, {
          project,
          priority: risen,
          submittedAt,
          comesBack: true,
        });
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
