import type { BatchLease, RunningBatch } from '@understudy/batch-store';
import { jobIdOfLine } from '@understudy/submission';
import { CHUNK_LINES } from './read-chunk.ts';
import type { HeldBatch, RunnerContext } from './runner-context.ts';
import { OUTCOMES } from './stop-outcome.ts';
import type { StopOutcome } from './stop-outcome.ts';

type Parts = Pick<RunnerContext, 'runs' | 'dispatch'>;

/** Ends the lines from the cursor on whose input is gone: nobody can say which lines these are. */
export async function abandonLines(
  parts: Parts,
  { lease }: HeldBatch,
  outcome: StopOutcome,
): Promise<void> {
  const { runs } = parts;
  const before = await runs.read(lease.batch);
  if (before !== undefined) await admitMadeJobs(parts, lease, before);
  const batch = await runs.read(lease.batch);
  if (batch === undefined) return;
  const lines = batch.record.counts.total - batch.admitted;
  if (lines <= 0) return;
  const step = { from: batch.cursor, to: batch.cursor, outcome: OUTCOMES[outcome], lines };
  await runs.skipLines(lease, step, undefined);
}

/**
 * A runner that was cut off may have made jobs of the lines right after the cursor. They count as what
 * they come to: the cursor moves over all numbers they can have, and from then on they are looked at
 * as those before it.
 */
async function admitMadeJobs(
  { runs, dispatch }: Parts,
  lease: BatchLease,
  { record: { request }, cursor }: RunningBatch,
): Promise<void> {
  const last = cursor.line + CHUNK_LINES;
  const uncounted = await runs.uncounted(lease.batch, last);
  const beyond = uncounted.filter((line) => line > cursor.line);
  const jobs = beyond.map((line) => ({
    project: request.project,
    id: jobIdOfLine(request.id, line),
  }));
  const statuses = await dispatch.store.readStatuses(jobs);
  const without = beyond.filter((_, index) => statuses[index] === undefined);
  // What has ended and was counted may be no job any more.
  const made = CHUNK_LINES - without.length;
  if (made === 0) return;
  await runs.admit(lease, {
    from: cursor,
    to: { ...cursor, line: last },
    admitted: made,
    blanks: without,
    rejected: new Map(),
  });
}
