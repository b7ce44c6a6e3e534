import type { LineRejection, RunningBatch } from '@understudy/batch-store';
import { submitJob } from '@understudy/dispatch';
import { inParallel } from './in-parallel.ts';
import { prepareLine } from './prepare-line.ts';
import type { PreparedLine } from './prepare-line.ts';
import { CHUNK_LINES, readChunk } from './read-chunk.ts';
import type { InputChunk } from './read-chunk.ts';
import type { HeldBatch, RunnerContext } from './runner-context.ts';
import type { InputLine } from './split-lines.ts';

const SUBMITTED_AT_ONCE = 32;
/** A worker that starts has told what it knows long before. */
const UNKNOWN_MODEL_PATIENCE_MS = 30_000;

/** How far admitting came: `more` when there is room and input left. */
export type AdmitResult = 'more' | 'full' | 'end';

/**
 * Makes jobs of the next lines, as many as may run at a time, and moves the cursor over them once
 * all are kept. Doing it again after a crash finds the jobs that were made.
 * @throws InputGoneError
 */
export async function admitLines(
  context: RunnerContext,
  held: HeldBatch,
  batch: RunningBatch,
): Promise<AdmitResult> {
  const { counts } = batch.record;
  if (batch.admitted >= counts.total) return 'end';
  const free = freeLines(context, batch);
  if (free === 0) return 'full';
  const chunk = await readChunk(context, batch, free);
  if (!(await context.admission.isOpen(chunk.bytes))) return 'full';
  const prepared = await inParallel(chunk.requests, SUBMITTED_AT_ONCE, (line) =>
    prepareLine(context, batch.record.request, line),
  );
  const known = knownLines(context, held, chunk, prepared);
  await inParallel(known.prepared, SUBMITTED_AT_ONCE, async (line) => {
    if (line.kind === 'job') await submitJob(context.dispatch, line.request, line.body);
  });
  await context.runs.admit(held.lease, {
    from: chunk.from,
    to: known.chunk.to,
    admitted: known.prepared.length,
    blanks: known.chunk.blanks,
    rejected: rejectedLines(known.chunk.requests, known.prepared),
  });
  return known.chunk === chunk ? 'more' : 'full';
}

/** In portions: admitting a line each time one has ended would read the input line by line. */
function freeLines({ dispatch }: RunnerContext, { record, admitted }: RunningBatch): number {
  const { linesInFlight } = dispatch.views().settings.batches;
  const { completed, failed, cancelled, expired } = record.counts;
  const inFlight = Math.max(0, admitted - completed - failed - cancelled - expired);
  const free = Math.min(CHUNK_LINES, linesInFlight - inFlight);
  return free >= Math.min(CHUNK_LINES, Math.ceil(linesInFlight / 4)) ? free : 0;
}

/**
 * What comes before the first line whose model nobody knows yet. A batch waits once for workers that
 * have not started; then such a line is an error.
 */
function knownLines(
  { dispatch }: RunnerContext,
  held: HeldBatch,
  chunk: InputChunk,
  prepared: readonly PreparedLine[],
): { chunk: InputChunk; prepared: readonly PreparedLine[] } {
  const early = prepared.findIndex(({ kind }) => kind === 'too_early');
  const now = dispatch.clock.monotonic();
  if (early !== -1) held.unknownModelSince ??= now;
  const since = held.unknownModelSince ?? now;
  const last = chunk.requests[early - 1];
  if (early === -1 || now - since > UNKNOWN_MODEL_PATIENCE_MS) return { chunk, prepared };
  const to = last === undefined ? chunk.from : { line: last.number, byte: last.next };
  return {
    chunk: {
      ...chunk,
      to,
      requests: chunk.requests.slice(0, early),
      blanks: chunk.blanks.filter((line) => line <= to.line),
    },
    prepared: prepared.slice(0, early),
  };
}

export function rejectedLines(
  requests: readonly InputLine[],
  prepared: readonly PreparedLine[],
): Map<number, LineRejection> {
  return new Map(
    requests.flatMap(({ number }, index) => {
      const line = prepared[index];
      return line === undefined || line.kind === 'job' ? [] : [[number, line.rejection] as const];
    }),
  );
}
