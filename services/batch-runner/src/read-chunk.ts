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

/** An input that is read chunk by chunk; to be disposed of. */
export interface ChunkReader extends AsyncDisposable {
  /**
   * Reads up to `limit` lines after the batch's cursor.
   * @throws InputGoneError when the input is to be opened, and gone
   */
  read(batch: RunningBatch, limit: number): Promise<InputChunk>;
}

/** Keeps the input open from chunk to chunk, as long as each begins where the one before ended. */
export function openChunkReader(context: Pick<RunnerContext, 'files' | 'dispatch'>): ChunkReader {
  let open: { lines: AsyncGenerator<InputLine>; at: BatchCursor } | undefined;
  const close = async (): Promise<void> => {
    await open?.lines.return(undefined);
    open = undefined;
  };
  return {
    read: async ({ record: { request }, cursor }, limit) => {
      if (open?.at.byte !== cursor.byte) await close();
      const { lines } = open ?? { lines: inputLines(context, request, cursor) };
      // What has failed has ended, too: another try begins anew.
      open = undefined;
      const chunk = await nextChunk(lines, cursor, limit);
      open = { lines, at: chunk.to };
      return chunk;
    },
    [Symbol.asyncDispose]: close,
  };
}

async function nextChunk(
  lines: AsyncGenerator<InputLine>,
  from: BatchCursor,
  limit: number,
): Promise<InputChunk> {
  const chunk: InputChunk = { from, to: from, requests: [], blanks: [], bytes: 0 };
  // By hand: `for await` would close the input with the chunk.
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    addTo(chunk, next.value);
    if (next.value.number - from.line >= limit || chunk.bytes >= CHUNK_BYTES) break;
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
