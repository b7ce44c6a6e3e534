import { createHash } from 'node:crypto';
import type { BatchProblem, BatchRequest } from '@understudy/contracts';
import { InputGoneError, inputLines } from './input-file.ts';
import { LINE_READERS } from './read-line/line-format.ts';
import type { ReadLine } from './read-line/line-format.ts';
import { isBlank } from './split-lines.ts';
import type { InputLine } from './split-lines.ts';
import type { RunnerContext } from './runner-context.ts';

/** Whoever has to mend an input does not need more of them at a time. */
const MOST_PROBLEMS = 100;
/** Custom ids up to this length are remembered as they are, longer ones by their hash. */
const REMEMBERED_LENGTH = 64;
/** Blank lines have numbers, too, and each costs a bit. */
const LINES_PER_REQUEST = 10;

export interface ValidatedInput {
  total: number;
  /** None of an input that can be run. */
  problems: BatchProblem[];
}

/** Reads the whole input once, a line at a time, and says whether it can be run. */
export async function validateInput(
  context: Pick<RunnerContext, 'files' | 'dispatch'>,
  request: BatchRequest,
  signal: AbortSignal,
): Promise<ValidatedInput> {
  // The broker itself wrote that input down, and counted; what is wrong with a request is its result.
  if (request.lines !== undefined) return { total: request.lines, problems: [] };
  const { batches, limits } = context.dispatch.views().settings;
  const seen = new Set<string>();
  const problems: BatchProblem[] = [];
  let total = 0;
  try {
    for await (const line of inputLines(context, request, { line: 0, byte: 0 })) {
      signal.throwIfAborted();
      if (line.bytes !== undefined && isBlank(line.bytes)) {
        if (line.number <= batches.maxLines * LINES_PER_REQUEST) continue;
        return { total: 0, problems: [tooMany(batches.maxLines)] };
      }
      total += 1;
      if (total > batches.maxLines) return { total: 0, problems: [tooMany(batches.maxLines)] };
      if (line.next > batches.maxBytes) return { total: 0, problems: [tooLarge(batches.maxBytes)] };
      const problem = problemOf(line, readerOf(context, request), seen, limits.bodyBytes);
      if (problem !== undefined) problems.push({ ...problem, line: line.number });
      if (problems.length === MOST_PROBLEMS) break;
    }
  } catch (error) {
    if (error instanceof InputGoneError) return { total: 0, problems: [inputGone(request)] };
    throw error;
  }
  if (problems.length > 0) return { total: 0, problems };
  if (total > 0) return { total, problems };
  return { total, problems: [{ code: 'empty_file', message: 'the input file holds no request' }] };
}

export function inputGone({ input_file_id: file }: BatchRequest): BatchProblem {
  return {
    code: 'input_file_not_found',
    message: `the input file ${file} was removed before the batch had read it; upload it again and create a new batch`,
    param: 'input_file_id',
  };
}

function readerOf(
  { dispatch }: Pick<RunnerContext, 'dispatch'>,
  { surface, endpoint }: BatchRequest,
): (line: Buffer) => ReadLine {
  const { limits } = dispatch.views().settings;
  return (line) => LINE_READERS[surface](line, { ...limits, endpoint });
}

function problemOf(
  { bytes }: InputLine,
  read: (line: Buffer) => ReadLine,
  seen: Set<string>,
  bodyBytes: number,
): Omit<BatchProblem, 'line'> | undefined {
  if (bytes === undefined) {
    return {
      code: 'line_too_large',
      message: `the line is larger than a request may be, which is ${bodyBytes} bytes`,
    };
  }
  const line = read(bytes);
  if (line.kind === 'problem') return line.problem;
  const id = rememberable(line.customId);
  if (!seen.has(id)) {
    seen.add(id);
    return undefined;
  }
  return {
    code: 'duplicate_custom_id',
    message: 'another line before has the same custom_id; each may come once',
    param: 'custom_id',
  };
}

function rememberable(customId: string): string {
  if (customId.length <= REMEMBERED_LENGTH) return customId;
  return createHash('sha256').update(customId).digest('hex');
}

function tooMany(maxLines: number): BatchProblem {
  return {
    code: 'too_many_tasks',
    message: `the input file holds more than ${maxLines} requests; split it into several batches`,
  };
}

function tooLarge(maxBytes: number): BatchProblem {
  return {
    code: 'file_too_large',
    message: `the input file is larger than ${maxBytes} bytes; split it into several batches`,
  };
}
