import type { JobSummary } from '../../api/contract.ts';

export interface MergedRows {
  /** In the order in which they were shown, with what has become of them. */
  rows: JobSummary[];
  /** Newer than all that is shown; not inserted, so that nothing jumps under the reader's hand. */
  newer: JobSummary[];
}

/**
 * Brings what is shown up to date from the list as it is now. A row that the list no longer holds,
 * since it matches no more or was pushed off the page, stays where it is.
 */
export function mergeRows(
  shown: readonly JobSummary[],
  fetched: readonly JobSummary[],
): MergedRows {
  const byId = new Map(fetched.map((job) => [job.id, job]));
  const known = new Set(shown.map(({ id }) => id));
  const firstKnown = fetched.findIndex(({ id }) => known.has(id));
  const ahead = firstKnown === -1 ? fetched : fetched.slice(0, firstKnown);
  return {
    rows: shown.map((job) => byId.get(job.id) ?? job),
    newer: ahead.filter(({ id }) => !known.has(id)),
  };
}
