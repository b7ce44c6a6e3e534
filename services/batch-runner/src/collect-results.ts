import type { LineRejection, RunningBatch, WrittenPart } from '@understudy/batch-store';
import type { BatchRecord, BatchRequest } from '@understudy/contracts';
import { isBroken, isUnread, openAlone } from '@understudy/job-store';
import type { UnreadRecord } from '@understudy/job-store';
import { jobIdOfLine, withIdPrefix } from '@understudy/submission';
import { BROKEN, ERASED, lineEndOf, rejectedEnd } from './line-end-of.ts';
import type { EndedJob } from './line-end-of.ts';
import { moveResults } from './move-results.ts';
import { dropIfRemoved, openOutputFile } from './output-file.ts';
import { RESULT_FORMATS } from './render-line/line-end.ts';
import type { LineEnd } from './render-line/line-end.ts';
import type { HeldBatch, RunnerContext } from './runner-context.ts';
import { resumed, writePart } from './write-part.ts';
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
  /** Its record will never be read. */
  isBroken?: boolean;
}

/** What a part is made of. */
interface Collecting {
  context: RunnerContext;
  held: HeldBatch;
  /** What cannot be read, and never will, is told of as such; else it waits, and stays in Redis. */
  givesUp: boolean;
}

/**
 * Writes lines that have ended into parts of their files, commits them, and lets their bytes leave
 * Redis. After a crash between any two steps it is done again, and no line is written twice. Lines that
 * do not open join the batch's `unread` ones, and are left out.
 * @returns how many lines were written
 */
export async function collectResults(
  context: RunnerContext,
  held: HeldBatch,
  { record }: RunningBatch,
  givesUp: boolean,
): Promise<number> {
  const { request } = record;
  const { batch } = held.lease;
  const collecting = { context, held, givesUp };
  const { lines: unread } = held.unread;
  const { lines } = await context.runs.endedLines(batch, PART_LINES + unread.size);
  const fresh = lines.filter((line) => !unread.has(line));
  const ended = await readEnded(collecting, request, fresh);
  const { hasErrorFile } = RESULT_FORMATS[request.surface];
  const isOutput = ({ record: job }: EndedLine): boolean =>
    !hasErrorFile || job?.status === 'completed';
  let written = await writeLines(collecting, record, 'out', ended.filter(isOutput));
  const others = ended.filter((line) => !isOutput(line));
  written += await writeLines(collecting, record, 'err', others);
  await moveResults(context, held, request);
  held.writtenAt = context.dispatch.clock.monotonic();
  return written;
}

async function readEnded(
  { context: { runs, dispatch }, held, givesUp }: Collecting,
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
      const place = { line: page[index]!, job };
      const found = endedLine(place, rejections.get(place.line), records[index], givesUp);
      if (found === undefined) held.unread.lines.add(place.line);
      else ended.push(found);
    }
  }
  return ended;
}

/** Undefined of a line that waits, as what became of it does not open. */
function endedLine(
  place: Pick<EndedLine, 'line' | 'job'>,
  rejection: LineRejection | UnreadRecord | undefined,
  record: EndedJob | UnreadRecord | undefined,
  givesUp: boolean,
): EndedLine | undefined {
  const givenUp = (unread: UnreadRecord): EndedLine | undefined =>
    givesUp && isBroken(unread) ? { ...place, isBroken: true } : undefined;
  if (isUnread(rejection)) return givenUp(rejection);
  if (rejection !== undefined) return { ...place, rejection };
  if (isUnread(record)) return givenUp(record);
  return { ...place, ...(record === undefined ? {} : { record }) };
}

async function writeLines(
  collecting: Collecting,
  record: BatchRecord,
  role: WrittenPart['role'],
  lines: readonly EndedLine[],
): Promise<number> {
  const { context, held } = collecting;
  await using rendered = renderLines(collecting, record.request, lines);
  const first = await rendered.next();
  if (first.done === true) return 0;
  const file = await openOutputFile(context, record, role);
  const part = await writePart(context, held, { role, file }, resumed(first.value, rendered));
  const withoutJob = lines.filter((line) => line.record === undefined && line.isBroken !== true);
  await context.runs.commitPart(held.lease, part, new Set(withoutJob.map(({ line }) => line)));
  await dropIfRemoved(context, record.request, part);
  return part.entries.length;
}

/** Ends early where the part gets too large: what is left is written with the next one. */
async function* renderLines(
  collecting: Collecting,
  request: BatchRequest,
  lines: readonly EndedLine[],
): AsyncGenerator<PartLine[]> {
  let bytes = 0;
  for (let start = 0; start < lines.length && bytes < PART_BYTES; start += READ_AT_ONCE) {
    const page = lines.slice(start, start + READ_AT_ONCE);
    const all = await Promise.all(page.map((line) => renderLine(collecting, request, line)));
    const rendered = all.filter((line) => line !== undefined);
    for (const line of rendered) bytes += line.bytes.length;
    if (rendered.length > 0) yield rendered;
  }
}

/** Undefined where its answer does not open. */
async function renderLine(
  { context, held, givesUp }: Collecting,
  request: BatchRequest,
  ended: EndedLine,
): Promise<PartLine | undefined> {
  const { line, job, record, rejection } = ended;
  const { store } = context.dispatch;
  const isAnswered = record?.status === 'completed';
  const answer = isAnswered ? await openAlone(store.readResult(job)) : undefined;
  if (isUnread(answer) && !(givesUp && isBroken(answer))) {
    held.unread.lines.add(line);
    return undefined;
  }
  const bytes = RESULT_FORMATS[request.surface].render({
    id: withIdPrefix('batch_req_', job.id),
    customId: record?.request.batch?.custom_id ?? rejection?.customId ?? '',
    ...(record === undefined && ended.isBroken !== true ? {} : { jobId: job.id }),
    end: endOf(ended, answer),
  });
  return { line, bytes };
}

function endOf(
  { record, rejection, isBroken: isLost }: EndedLine,
  answer: Buffer | UnreadRecord | undefined,
): LineEnd {
  if (isLost === true || isUnread(answer)) return BROKEN;
  if (record !== undefined) return lineEndOf(record, answer);
  return rejection === undefined ? ERASED : rejectedEnd(rejection);
}
