import type { LineRejection, RunningBatch } from '@understudy/batch-store';
import { submitLines } from '@understudy/dispatch';
import type { Holder } from '@understudy/limits';
import { holdersOfBatch } from './holders-of-batch.ts';
import { prepareLine } from './prepare-line.ts';
import type { PreparedLine } from './prepare-line.ts';
import { CHUNK_LINES } from './read-chunk.ts';
import type { ChunkReader, InputChunk } from './read-chunk.ts';
import type { HeldBatch, RunnerContext } from './runner-context.ts';
import type { InputLine } from './split-lines.ts';

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
  input: ChunkReader,
): Promise<AdmitResult> {
  const { counts } = batch.record;
  if (batch.admitted >= counts.total) return 'end';
  const wanted = freeLines(context, batch);
  if (wanted === 0) return 'full';
  const { request } = batch.record;
  const holders = holdersOfBatch(context.dispatch, request);
  // What its project or key may not have now waits, and nothing of the input is read meanwhile.
  const now = context.dispatch.clock.now();
  const free = Math.min(wanted, await context.limits.room(request.project, holders, now));
  if (free === 0) return 'full';
  const chunk = await input.read(batch, free);
  if (!(await context.admission.isOpen(chunk.bytes))) return 'full';
  const prepared = await Promise.all(
    chunk.requests.map((line) => prepareLine(context, request, line)),
  );
  const known = await placedLines(context, holders, knownLines(context, held, { chunk, prepared }));
  await submitLines(
    context.dispatch,
    known.prepared.filter((line) => line.kind === 'job'),
  );
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

/** Lines of a chunk, and what is to become of each. */
interface PreparedChunk {
  chunk: InputChunk;
  prepared: readonly PreparedLine[];
}

/**
 * What comes before the first line whose model nobody knows yet. A batch waits once for workers that
 * have not started; then such a line is an error.
 */
function knownLines(
  { dispatch }: RunnerContext,
  held: HeldBatch,
  lines: PreparedChunk,
): PreparedChunk {
  const early = lines.prepared.findIndex(({ kind }) => kind === 'too_early');
  const now = dispatch.clock.monotonic();
  if (early !== -1) held.unknownModelSince ??= now;
  const since = held.unknownModelSince ?? now;
  if (early === -1 || now - since > UNKNOWN_MODEL_PATIENCE_MS) return lines;
  return linesBefore(lines, early);
}

/** What comes before the first line for whose job its project or key has no room. */
async function placedLines(
  { limits, dispatch }: RunnerContext,
  holders: readonly Holder[],
  lines: PreparedChunk,
): Promise<PreparedChunk> {
  const jobs = lines.prepared.flatMap((line, index) =>
    line.kind === 'job' ? [{ index, request: line.request }] : [],
  );
  const [first] = jobs;
  if (first === undefined) return lines;
  const ids = jobs.map(({ request }) => request.id);
  const { project } = first.request;
  const { admitted } = await limits.admitJobs(project, holders, ids, dispatch.clock.now());
  const refused = jobs[admitted];
  return refused === undefined ? lines : linesBefore(lines, refused.index);
}

function linesBefore({ chunk, prepared }: PreparedChunk, index: number): PreparedChunk {
  const last = chunk.requests[index - 1];
  const to = last === undefined ? chunk.from : { line: last.number, byte: last.next };
  return {
    chunk: {
      ...chunk,
      to,
      requests: chunk.requests.slice(0, index),
      blanks: chunk.blanks.filter((line) => line <= to.line),
    },
    prepared: prepared.slice(0, index),
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
