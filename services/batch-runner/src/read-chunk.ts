import type { BatchCursor, RunningBatch } from '@understudy/batch-store';
import { inputLines } from './input-file.ts';
import type { RunnerContext } from './runner-context.ts';
import { isBlank } from './split-lines.ts';
import type { InputLine } from './split-lines.ts';

/**
 * Lines that are dealt with together, blank ones included. Jobs of lines beyond the cursor can exist
 * only among so many: whoever takes a batch over and stops it ends those as jobs. A larger number
 * must not be rolled out while older runners stop batches.
 */
export const CHUNK_LINES = 200;
const CHUNK_BYTES = 8 * 1024 * 1024;

/** Some lines after the cursor. */
export interface InputChunk {
  from: BatchCursor;
  to: BatchCursor;
  requests: InputLine[];
  blanks: number[];
  /** Of the requests. */
  bytes: number;
}

/**
 * Reads up to `limit` lines after the cursor.
 * @throws InputGoneError
 */
export async function readChunk(
  context: Pick<RunnerContext, 'files' | 'dispatch'>,
  { record: { request }, cursor }: RunningBatch,
  limit: number,
): Promise<InputChunk> {
  const chunk: InputChunk = { from: cursor, to: cursor, requests: [], blanks: [], bytes: 0 };
  for await (const line of inputLines(context, request, cursor)) {
    addTo(chunk, line);
    if (line.number - cursor.line >= limit || chunk.bytes >= CHUNK_BYTES) break;
  }
  return chunk;
}

function addTo(chunk: InputChunk, line: InputLine): void {
  if (line.bytes !== undefined && isBlank(line.bytes)) {
    chunk.blanks.push(line.number);
  } else {
    chunk.requests.push(line);
    chunk.bytes += line.bytes?.length ?? 0;
  }
  chunk.to = { line: line.number, byte: line.next };
}
