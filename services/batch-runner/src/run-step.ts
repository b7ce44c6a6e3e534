import type { RunningBatch } from '@understudy/batch-store';
import { isTerminalBatch } from '@understudy/contracts';
import type { BatchRecord } from '@understudy/contracts';
import { admitLines } from './admit-lines.ts';
import type { AdmitResult } from './admit-lines.ts';
import { PART_LINES, collectResults } from './collect-results.ts';
import { completeFiles } from './complete-files.ts';
import { InputGoneError } from './input-file.ts';
import { moveResults } from './move-results.ts';
import { openChunkReader } from './read-chunk.ts';
import type { ChunkReader } from './read-chunk.ts';
import type { HeldBatch, RunnerContext } from './runner-context.ts';
import { isSpent, isStoppedByCost } from './spent-batch.ts';
import { stopLines } from './stop-lines.ts';
import { givesUpLines } from './stop-outcome.ts';
import type { StopOutcome } from './stop-outcome.ts';
import { inputGone, validateInput } from './validate-input.ts';
import { visitUncounted } from './visit-uncounted.ts';

/** What comes after a step: another one at once, one when something happens, or nothing. */
export type StepResult = 'again' | 'wait' | 'done';

/** Chunks that are admitted before results are looked at, which take the longer the more there are. */
const ADMITTED_CHUNKS = 10;
const MEND_INTERVAL_MS = 30_000;
/** A key that was missing may be there by now. */
const UNREAD_AGAIN_MS = 60_000;
/** Results wait for others to be written with; the longer, the more parts there are. */
const FIRST_PART_AFTER_MS = 1000;
const LAST_PART_AFTER_MS = 60_000;
const PARTS_PER_SECOND_MORE = 20;

/**
 * Brings a batch as far as it can be brought now. Each step begins with what Redis knows, so that it
 * does not matter who took the one before, nor how far that came.
 */
export async function runStep(context: RunnerContext, held: HeldBatch): Promise<StepResult> {
  const [batch, unwritten] = await Promise.all([
    context.runs.read(held.lease.batch),
    context.runs.endedLines(held.lease.batch, 1),
  ]);
  if (batch === undefined) return 'done';
  const { record } = batch;
  if (isTerminalBatch(record.status)) return tellEnd(context, held, batch);
  if (!batch.validated) return validate(context, held, record);
  if (record.status === 'validating') {
    // Only an input with problems leaves it there.
    return finish(context, held, batch, 'failed');
  }
  if (record.status === 'finalizing') {
    await completeFiles(context, held, batch);
    return finish(context, held, batch, batch.goal ?? 'completed');
  }
  const stop = stopOf(batch, context.dispatch.clock.now());
  if (stop !== undefined) await stopLines(context, held, batch, stop);
  // The answers of all lines would be too many for Redis, where those stay that cannot be written.
  const mayAdmit = stop === undefined && !areTooMany(context, unwritten.count);
  const admitted = mayAdmit ? await admit(context, held, batch) : 'full';
  const now = (await context.runs.read(held.lease.batch)) ?? batch;
  noteProgress(context, held, now);
  await mend(context, held, now);
  if (await collect(context, held, now, givesUpLines(stop))) return 'again';
  // What cannot be read now is still to be written.
  if (isSettled(now) && held.unread.lines.size === 0) return settle(context, held, now);
  return admitted === 'more' ? 'again' : 'wait';
}

async function validate(
  { runs, dispatch, files }: RunnerContext,
  { lease, signal }: HeldBatch,
  { request }: BatchRecord,
): Promise<StepResult> {
  const { total, problems } = await validateInput({ dispatch, files }, request, signal);
  await runs.validated(lease, dispatch.clock.now(), total, problems);
  return 'again';
}

/** Why lines end that would go on by themselves; undefined where they do. */
function stopOf({ record }: RunningBatch, now: number): StopOutcome | undefined {
  const { status, problems, request } = record;
  const hasFailed = problems !== undefined && !isStoppedByCost(record);
  if (status === 'cancelling' || hasFailed) return 'cancelled';
  if (now >= request.expires_at) return 'expired';
  return isSpent(record) ? 'spent' : undefined;
}

/** Fills the room there is, so that workers have something to do while results are written. */
async function admit(
  context: RunnerContext,
  held: HeldBatch,
  batch: RunningBatch,
): Promise<AdmitResult> {
  await using input = openChunkReader(context);
  let result = await admitChunk(context, held, batch, input);
  for (let chunks = 1; result === 'more' && chunks < ADMITTED_CHUNKS; chunks += 1) {
    const now = await context.runs.read(held.lease.batch);
    const goesOn = now !== undefined && stopOf(now, context.dispatch.clock.now()) === undefined;
    if (!goesOn || held.signal.aborted) return 'more';
    result = await admitChunk(context, held, now, input);
  }
  return result;
}

async function admitChunk(
  context: RunnerContext,
  held: HeldBatch,
  batch: RunningBatch,
  input: ChunkReader,
): Promise<AdmitResult> {
  try {
    return await admitLines(context, held, batch, input);
  } catch (error) {
    if (!(error instanceof InputGoneError)) throw error;
    const { counts, request } = batch.record;
    const now = context.dispatch.clock.now();
    await context.runs.validated(held.lease, now, counts.total, [inputGone(request)]);
    return 'more';
  }
}

async function mend(context: RunnerContext, held: HeldBatch, batch: RunningBatch): Promise<void> {
  const now = context.dispatch.clock.monotonic();
  if (now - held.mendedAt < MEND_INTERVAL_MS) return;
  await visitUncounted(context, held, batch, () => Promise.resolve(), { givesUp: false });
  held.mendedAt = now;
}

/** @returns true when more is there to be written */
async function collect(
  context: RunnerContext,
  held: HeldBatch,
  batch: RunningBatch,
  givesUp: boolean,
): Promise<boolean> {
  const clockNow = context.dispatch.clock.monotonic();
  if (clockNow - held.unread.since >= UNREAD_AGAIN_MS) {
    held.unread = { lines: new Set(), since: clockNow };
  }
  const ended = await context.runs.endedLines(held.lease.batch, 1);
  const count = ended.count - held.unread.lines.size;
  if (count === 0) return false;
  const waited = clockNow - held.writtenAt;
  const patienceMs = FIRST_PART_AFTER_MS * (1 + held.partsWritten / PARTS_PER_SECOND_MORE);
  const isDue = count >= PART_LINES || waited >= Math.min(patienceMs, LAST_PART_AFTER_MS);
  if (!isDue && !isSettled(batch)) return false;
  return (await collectResults(context, held, batch, givesUp)) > 0;
}

/**
 * Lines that have ended and stand in no file are then as many as may be jobs: no more are begun. Nor are
 * they fewer than a part takes, so that where few may be jobs no part is written for every few of them.
 */
function areTooMany({ dispatch }: RunnerContext, unwritten: number): boolean {
  return unwritten >= Math.max(PART_LINES, dispatch.views().settings.batches.linesInFlight);
}

function noteProgress(
  { dispatch }: RunnerContext,
  held: HeldBatch,
  { admitted, record }: RunningBatch,
): void {
  const progress = admitted + endedLines(record);
  if (progress === held.progress) return;
  held.progress = progress;
  held.progressedAt = dispatch.clock.monotonic();
}

/** Every line has ended and was counted. */
function isSettled({ record }: RunningBatch): boolean {
  return endedLines(record) === record.counts.total;
}

function endedLines({ counts }: BatchRecord): number {
  const { completed, failed, cancelled, expired } = counts;
  return completed + failed + cancelled + expired;
}

async function settle(
  context: RunnerContext,
  held: HeldBatch,
  batch: RunningBatch,
): Promise<StepResult> {
  // What a runner left that was cut off between a part and its jobs.
  await moveResults(context, held, batch.record.request);
  const { status, problems, counts } = batch.record;
  // Workers may have begun in time all that was to be stopped.
  const isAnswered = isStoppedByCost(batch.record) && counts.cancelled === 0;
  if (status === 'in_progress' && (problems === undefined || isAnswered)) {
    await context.runs.finalize(held.lease, context.dispatch.clock.now());
    return 'again';
  }
  await completeFiles(context, held, batch);
  const isCancelled = status === 'cancelling' || isStoppedByCost(batch.record);
  return finish(context, held, batch, isCancelled ? 'cancelled' : 'failed');
}

const ENDED_AT = {
  completed: 'completedAt',
  failed: 'failedAt',
  expired: 'expiredAt',
  cancelled: 'cancelledAt',
} as const;

async function finish(
  { runs, dispatch }: RunnerContext,
  { lease }: HeldBatch,
  { record }: RunningBatch,
  status: keyof typeof ENDED_AT,
): Promise<StepResult> {
  const now = dispatch.clock.now();
  const ended = { ...record, status, version: record.version + 1, [ENDED_AT[status]]: now };
  const { retentionMs } = dispatch.views().settings.files;
  await runs.finish(lease, ended, now, Math.max(retentionMs, record.request.output_life_ms));
  return 'again';
}

async function tellEnd(
  { runs, tell }: RunnerContext,
  { lease }: HeldBatch,
  { record, told }: RunningBatch,
): Promise<StepResult> {
  if (!told) await tell(record);
  await runs.leave(lease.batch);
  return 'done';
}
