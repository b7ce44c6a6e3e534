import type { RunningBatch } from '@understudy/batch-store';
import { endJob, endQueued, firstProgress, publishStop } from '@understudy/dispatch';
import type { DispatchContext } from '@understudy/dispatch';
import type { JobError, JobRecord, JobRequest } from '@understudy/contracts';
import { abandonLines } from './abandon-lines.ts';
import { rejectedLines } from './admit-lines.ts';
import { inParallel } from '@understudy/runtime';
import { InputGoneError } from './input-file.ts';
import { prepareLine } from './prepare-line.ts';
import { CHUNK_LINES, openChunkReader } from './read-chunk.ts';
import type { HeldBatch, RunnerContext } from './runner-context.ts';
import { skipLines } from './skip-lines.ts';
import { SPENT_LINE, isStoppedByCost, spentProblem } from './spent-batch.ts';
import { OUTCOMES, givesUpLines } from './stop-outcome.ts';
import type { StopOutcome } from './stop-outcome.ts';
import { visitUncounted } from './visit-uncounted.ts';

const ENDED_AT_ONCE = 20;
/** Nobody looks at the due time of a job that ends at once. */
const DUE_AFTER_MS = 60_000;

/**
 * Ends every line of a batch that has not ended: running jobs are cut off, and what was not admitted
 * is told so in the result files. What remains is to wait until the ends are counted. Of a batch that
 * has cost enough, calls that are open go on: they are paid for.
 */
export async function stopLines(
  context: RunnerContext,
  held: HeldBatch,
  batch: RunningBatch,
  outcome: StopOutcome,
): Promise<void> {
  const { dispatch } = context;
  await publishStop(dispatch.redis, dispatch.keyPrefix, held.lease.batch);
  const tell = outcomeTeller(context, held, batch, outcome);
  const endWaiting = async (job: JobRecord): Promise<void> => {
    if (job.status === 'in_progress') return;
    await tell();
    // One that has moved meanwhile is met by the next look.
    await endQueued(dispatch, job, OUTCOMES[outcome], termsOf(outcome).error);
  };
  const hangUp = ({ request }: JobRecord): Promise<void> => endStopped(dispatch, request, outcome);
  const givesUp = givesUpLines(outcome);
  // Those first that are not begun: a call that ends makes room for the next line's.
  await visitUncounted(context, held, batch, endWaiting, { givesUp });
  if (outcome !== 'spent') await visitUncounted(context, held, batch, hangUp, { givesUp });
  if (batch.admitted >= batch.record.counts.total) return;
  await tell();
  try {
    const isEnded = held.nextLinesEnded || hasBegunToSkip(batch);
    const step = isEnded ? batch : await endNextLines(context, held, batch, outcome);
    // Once: where skipping fails, as while results cannot be written, it is tried again and again.
    held.nextLinesEnded = true;
    await skipLines(context, held, step, outcome);
  } catch (error) {
    if (!(error instanceof InputGoneError)) throw error;
    await abandonLines(context, held, outcome);
  }
}

/**
 * Has a batch tell, before the first line ends for it, that it has cost enough: one whose last lines
 * are all answered was not stopped. How the others end is told by their status.
 */
function outcomeTeller(
  { runs, dispatch }: RunnerContext,
  { lease }: HeldBatch,
  { record }: RunningBatch,
  outcome: StopOutcome,
): () => Promise<void> {
  let telling = outcome !== 'spent' || isStoppedByCost(record) ? Promise.resolve() : undefined;
  return () =>
    (telling ??= runs.validated(lease, dispatch.clock.now(), record.counts.total, [
      spentProblem(record),
    ]));
}

async function endStopped(
  dispatch: DispatchContext,
  request: JobRequest,
  outcome: StopOutcome,
): Promise<void> {
  await endJob(dispatch, request, OUTCOMES[outcome], termsOf(outcome));
}

function termsOf(outcome: StopOutcome): { error?: JobError; unlessRunning?: boolean } {
  return outcome === 'spent' ? { error: SPENT_LINE, unlessRunning: true } : {};
}

/** Then no line after the cursor has a job, and none may get one: nobody looks for it there. */
function hasBegunToSkip({ lastJobLine, cursor }: RunningBatch): boolean {
  return lastJobLine < cursor.line;
}

/**
 * A runner that was cut off may have made jobs of the lines right after the cursor. They end as jobs:
 * whoever comes late with one finds it there.
 */
async function endNextLines(
  context: RunnerContext,
  held: HeldBatch,
  batch: RunningBatch,
  outcome: StopOutcome,
): Promise<RunningBatch> {
  const { record, admitted } = batch;
  await using input = openChunkReader(context);
  const chunk = await input.read(batch, CHUNK_LINES);
  const prepared = await inParallel(chunk.requests, ENDED_AT_ONCE, (line) =>
    prepareLine(context, record.request, line),
  );
  await inParallel(prepared, ENDED_AT_ONCE, async (line) => {
    if (line.kind === 'job') await endBeforeStart(context.dispatch, line, outcome);
  });
  await context.runs.admit(held.lease, {
    from: chunk.from,
    to: chunk.to,
    admitted: prepared.length,
    blanks: chunk.blanks,
    rejected: rejectedLines(chunk.requests, prepared),
  });
  return {
    ...batch,
    cursor: chunk.to,
    lastJobLine: chunk.to.line,
    admitted: admitted + prepared.length,
  };
}

/** Stands in no queue, so that no worker starts it. */
async function endBeforeStart(
  dispatch: DispatchContext,
  { request, body }: { request: JobRequest; body: Buffer },
  outcome: StopOutcome,
): Promise<void> {
  const dueAt = dispatch.clock.now() + DUE_AFTER_MS;
  await dispatch.store.create(request, firstProgress(request), body, [], dueAt);
  await endStopped(dispatch, request, outcome);
}
