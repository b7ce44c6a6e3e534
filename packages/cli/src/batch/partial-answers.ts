import { appendFile, writeFile } from 'node:fs/promises';
import { answerLine, type AnswerOptions } from './answer-line.ts';
import type { BatchDoor } from './batch-door.ts';
import type { BatchView } from './batch-view.ts';
import type { Patience } from './patience.ts';
import { readLines } from './read-lines.ts';
import { parseResultLine } from './result-lines.ts';
import { nameFile } from './written-file.ts';

/** Answers as they come, in the order in which they come, until the whole file takes their place. */
export interface PartialAnswers {
  /** Appends what is new of a batch that runs. */
  take(batch: BatchView): Promise<void>;
}

/** Empties the file at `path`: a run that is picked up writes again what it had. */
export async function createPartialAnswers(
  path: string,
  door: BatchDoor,
  patience: Patience,
  options: AnswerOptions,
  signal: AbortSignal,
): Promise<PartialAnswers> {
  await nameFile(path, writeFile(path, '', { mode: 0o600 }));
  let taken = 0;
  let lines = 0;
  return {
    // Only while it runs: at its end the broker puts its file in the order of the input.
    take: async ({ status, output_file_id: fileId, request_counts: counts }) => {
      if (status !== 'in_progress' || fileId === undefined) return;
      // Lines are counted before their answers are written: those to come are asked for again.
      if (counts === undefined || lines >= counts.completed) return;
      const bytes = await patience(() => collect(door.growth(fileId, taken, signal)));
      const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
      for await (const line of readLines(oneChunk(whole))) {
        await nameFile(path, appendFile(path, `${render(line.bytes, options)}\n`));
        lines += 1;
      }
      taken += whole.length;
    },
  };
}

/** Without the prompt and what else stands in the input: the whole file has them. */
function render(result: Buffer, options: AnswerOptions): string {
  const { custom_id: customId } = parseResultLine(result);
  const entry = { line: 0, customId, endpoint: '/v1/chat/completions', body: '' } as const;
  return String(answerLine(entry, result, options));
}

async function collect(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
