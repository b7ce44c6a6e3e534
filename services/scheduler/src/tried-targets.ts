import { isUnread } from '@understudy/job-store';
import type { JobReference, JobStore } from '@understudy/job-store';

/** The rule of those that were passed because nobody served them. */
const NO_WORKER = 'no_worker';

/**
 * The targets that a job has tried so far, or was led past for another reason than that nobody served
 * them. Two round trips.
 * @returns undefined where not all of its attempts open
 */
export async function triedTargets(
  store: Pick<JobStore, 'readHeads' | 'readAttempts'>,
  { project, id }: JobReference,
): Promise<string[] | undefined> {
  const [head] = await store.readHeads([{ project, id }]);
  if (head === undefined || isUnread(head)) return undefined;
  const attempts = await store.readAttempts(
    Array.from({ length: head.attempts }, (_, index) => ({ project, id, number: index + 1 })),
  );
  const read = attempts.flatMap((attempt) =>
    attempt === undefined || isUnread(attempt) ? [] : [attempt],
  );
  if (read.length < attempts.length) return undefined;
  return read.flatMap(({ target, rule }) => (rule === NO_WORKER ? [] : [target]));
}
