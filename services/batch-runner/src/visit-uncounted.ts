import { endedLineOf } from '@understudy/batch-store';
import type { EndedLine, RunningBatch } from '@understudy/batch-store';
import type { JobRecord } from '@understudy/contracts';
import { isBroken, isUnread } from '@understudy/job-store';
import { jobIdOfLine } from '@understudy/submission';
import { inParallel } from '@understudy/runtime';
import type { HeldBatch, RunnerContext } from './runner-context.ts';

const READ_AT_ONCE = 200;
/** What they ask of Redis goes out together. */
const VISITED_AT_ONCE = 100;

/**
 * Looks at the jobs of all admitted lines whose end was not counted: counts what has ended and was
 * not told, as after the erasure of a job, and visits what goes on, the last line first. What does not
 * open is left alone; what never will, counts as failed where lines are given up.
 */
export async function visitUncounted(
  { runs, dispatch }: Pick<RunnerContext, 'runs' | 'dispatch'>,
  held: HeldBatch,
  { record: { request }, lastJobLine }: RunningBatch,
  visit: (job: JobRecord) => Promise<void>,
  { givesUp }: { givesUp: boolean },
): Promise<void> {
  const { batch } = held.lease;
  // From the far end, as workers take the first ones meanwhile.
  const lines = (await runs.uncounted(batch, lastJobLine)).toReversed();
  for (let start = 0; start < lines.length; start += READ_AT_ONCE) {
    held.signal.throwIfAborted();
    const page = lines.slice(start, start + READ_AT_ONCE);
    const records = await dispatch.store.readEach(
      page.map((line) => ({ project: batch.project, id: jobIdOfLine(request.id, line) })),
    );
    const ended: EndedLine[] = [];
    const unfinished: JobRecord[] = [];
    for (const [index, line] of page.entries()) {
      const record = records[index];
      if (record === undefined || (isUnread(record) && givesUp && isBroken(record))) {
        ended.push({ line, outcome: 'failed' });
        continue;
      }
      if (isUnread(record)) continue;
      const told = endedLineOf(record)?.line;
      if (told !== undefined) ended.push(told);
      else unfinished.push(record);
    }
    await runs.countEnded(batch, ended);
    await inParallel(unfinished, VISITED_AT_ONCE, visit);
  }
}
