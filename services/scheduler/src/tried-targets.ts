import { openAlone, isUnread } from '@understudy/job-store';
import type { JobReference, JobStore } from '@understudy/job-store';

/** The rule of those that were passed because nobody served them. */
const NO_WORKER = 'no_worker';

/**
 * The targets that a job has tried so far, or was led past for another reason than that nobody served
 * them. One round trip.
 * @returns undefined where the record or one of its attempts does not open
 */
export async function triedTargets(
  store: Pick<JobStore, 'read'>,
  job: JobReference,
): Promise<string[] | undefined> {
  const stored = await openAlone(store.read(job));
  if (stored === undefined || isUnread(stored)) return undefined;
  return stored.attempts.flatMap(({ target, rule }) => (rule === NO_WORKER ? [] : [target]));
}
