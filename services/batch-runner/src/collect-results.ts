import type { LineRejection, RunningBatch, WrittenPart } from '@understudy/batch-store';
import type { BatchRecord, BatchRequest } from '@understudy/contracts';
import { jobIdOfLine, withIdPrefix } from '@understudy/submission';
import { ERASED, lineEndOf, rejectedEnd } from './line-end-of.ts';
import type { EndedJob } from './line-end-of.ts';
import { moveResults } from './move-results.ts';
import { dropIfRemoved, openOutputFile } from './output-file.ts';
import { RESULT_FORMATS } from './render-line/line-end.ts';
import type { LineEnd } from './render-line/line-end.ts';
import type { HeldBatch, RunnerContext } from './runner-context.ts';
import { writePart } from './write-part.ts';
import type { PartLine } from './write-part.ts';

/** Lines of one part. */
export const PART_LINES = 1000;
const PART_BYTES = 32 * 1024 * 1024;
/** Answers that are in memory together; each can be as large as a provider's. */
const READ_AT_ONCE = 20;
const RECORDS_AT_ONCE = 200;

/** A line that has ended, with what is known of it beside its answer. */
interface EndedLine {
  line: number;
  job: { project: string; id: string };
  record?: EndedJob;
  rejection?: LineRejection;
}

/**
 * Writes lines that have ended into parts of their files, commits them, and lets their bytes leave
 * Redis. After a crash between any two steps it is done again, and no line is written twice.
 * @returns how many lines were written
 */
export async function collectResults(
  context: RunnerContext,
  held: HeldBatch,
  { record }: RunningBatch,
): Promise<number> {
  const { request } = record;
  const { batch } = held.lease;
  const { lines } = await context.runs.endedLines(batch, PART_LINES);
  const ended = await readEnded(context, request, lines);
  const { hasErrorFile } = RESULT_FORMATS[request.surface];
  const isOutput = ({ record: job }: EndedLine): boolean =>
    !hasErrorFile || job?.status === 'completed';
  let written = await writeLines(context, held, record, 'out', ended.filter(isOutput));
  written += await writeLines(
    context,
    held,
    record,
    'err',
    ended.filter((line) => !isOutput(line)),
  );
  await moveResults(context, held, request);
  held.writtenAt = context.dispatch.clock.monotonic();
  return written;
}

async function readEnded(
  { runs, dispatch }: RunnerContext,
  request: BatchRequest,
  lines: readonly number[],
): Promise<EndedLine[]> {
  const rejections = await runs.rejections(request, lines);
  const ended: EndedLine[] = [];
  for (let start = 0; start < lines.length; start += RECORDS_AT_ONCE) {
    const page = lines.slice(start, start + RECORDS_AT_ONCE);
    const jobs = page.map((line) => ({
      project: request.project,
      id: jobIdOfLine(request.id, line),
    }));
    const records = await dispatch.store.readEnds(jobs);
    for (const [index, job] of jobs.entries()) {
      const line = page[index]!;
      const [record, rejection] = [records[index], rejections.get(line)];
      if (rejection !== undefined) ended.push({ line, job, rejection });
      else ended.push({ line, job, ...(record === undefined ? {} : { record }) });
    }
  }
  return ended;
}

async function writeLines(
  context: RunnerContext,
  held: HeldBatch,
  record: BatchRecord,
  role: WrittenPart['role'],
  lines: readonly EndedLine[],
): Promise<number> {
  if (lines.length === 0) return 0;
  const file = await openOutputFile(context, record, role);
  const rendered = renderLines(context, record.request, lines);
  const part = await writePart(context, held, { role, file }, rendered);
  const withoutJob = lines.filter((line) => line.record === undefined);
  await context.runs.commitPart(held.lease, part, new Set(withoutJob.map(({ line }) => line)));
  await dropIfRemoved(context, record.request, part);
  return part.entries.length;
}

/** Ends early where the part gets too large: what is left is written with the next one. */
async function* renderLines(
  context: RunnerContext,
  request: BatchRequest,
  lines: readonly EndedLine[],
): AsyncGenerator<PartLine[]> {
  let bytes = 0;
  for (let start = 0; start < lines.length && bytes < PART_BYTES; start += READ_AT_ONCE) {
    const page = lines.slice(start, start + READ_AT_ONCE);
    const rendered = await Promise.all(page.map((line) => renderLine(context, request, line)));
    for (const line of rendered) bytes += line.bytes.length;
    yield rendered;
  }
}

async function renderLine(
  { dispatch }: RunnerContext,
  request: BatchRequest,
  { line, job, record, rejection }: EndedLine,
): Promise<PartLine> {
  const answer = record?.status === 'completed' ? await dispatch.store.readResult(job) : undefined;
  const bytes = RESULT_FORMATS[request.surface].render({
    id: withIdPrefix('batch_req_', job.id),
    customId: record?.request.batch?.custom_id ?? rejection?.customId ?? '',
    ...(record === undefined ? {} : { jobId: job.id }),
    end: endOf(record, rejection, answer),
  });
  return { line, bytes };
}

function endOf(
  record: EndedJob | undefined,
  rejection: LineRejection | undefined,
  answer: Buffer | undefined,
): LineEnd {
  if (record !== undefined) return lineEndOf(record, answer);
  return rejection === undefined ? ERASED : rejectedEnd(rejection);
}
