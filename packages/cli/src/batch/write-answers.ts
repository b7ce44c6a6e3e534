import { answerLine, failureOf, type AnswerOptions } from './answer-line.ts';
import type { Entry } from './entry.ts';
import { parseResultLine, type ResultLines } from './result-lines.ts';
import { createFile, followLinks, replaceFile } from './written-file.ts';
import { rm } from 'node:fs/promises';

/** A line that has no answer, and why. */
interface FailedLine {
  line: number;
  custom_id: string;
  reason: string;
}

export interface WrittenAnswers {
  lines: number;
  failed: number;
  /** The first of those that failed. */
  firstFailures: FailedLine[];
}

const MOST_FAILURES_TOLD = 10;

/**
 * Writes one answer for each line of the input, in its order, and puts the file in place when it is
 * whole: whoever looks at `path` sees all answers or what was there before. Where that is a symbolic
 * link, it stays one: what it leads to is replaced.
 */
export async function writeAnswers(
  entries: AsyncIterable<Entry>,
  results: ResultLines,
  path: string,
  options: AnswerOptions,
): Promise<WrittenAnswers> {
  const target = await followLinks(path);
  const temporary = `${target}.${process.pid}.part`;
  const written: WrittenAnswers = { lines: 0, failed: 0, firstFailures: [] };
  const file = await createFile(temporary, target);
  try {
    for await (const entry of entries) {
      const result = await results.read(entry.customId);
      await file.write(answerLine(entry, result, options));
      await file.write('\n');
      written.lines += 1;
      if (!results.hasSucceeded(entry.customId)) note(written, entry, result);
    }
    await file.end();
    await replaceFile(temporary, target);
  } finally {
    file.abandon();
    await rm(temporary, { force: true });
  }
  return written;
}

function note(written: WrittenAnswers, entry: Entry, result: Buffer | undefined): void {
  written.failed += 1;
  if (written.firstFailures.length >= MOST_FAILURES_TOLD) return;
  const { line, customId } = entry;
  written.firstFailures.push({ line, custom_id: customId, reason: reasonOf(result) });
}

function reasonOf(result: Buffer | undefined): string {
  if (result === undefined) return 'the batch has no result for it';
  const { message, status_code: status } = failureOf(parseResultLine(result));
  return status === undefined ? message : `${status} ${message}`;
}
