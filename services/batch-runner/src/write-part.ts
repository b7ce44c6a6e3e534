import type { RunEntry, WrittenPart } from '@understudy/batch-store';
import { partKey } from '@understudy/file-store';
import type { HeldBatch, RunnerContext } from './runner-context.ts';

/** A result on its way into a part. */
export interface PartLine {
  line: number;
  /** Without its end. */
  bytes: Buffer;
}

const NEWLINE = Buffer.from('\n');
const CHUNK_BYTES = 64 * 1024;

/**
 * Streams results into a part of a result file. The bytes are durable when this resolves; they
 * belong to the file once the part is committed.
 */
export async function writePart(
  { bytes }: Pick<RunnerContext, 'bytes'>,
  held: HeldBatch,
  target: Pick<WrittenPart, 'role' | 'file'>,
  pages: AsyncIterable<readonly PartLine[]>,
): Promise<WrittenPart> {
  const entries: RunEntry[] = [];
  const { key, bytes: length } = await bytes.write(
    nextPartKey(held, target.file),
    chunks(pages, entries, held.signal),
  );
  return { ...target, key, bytes: length, entries };
}

/** No other lease gives this key: a part that counts is never written again. */
function nextPartKey(held: HeldBatch, file: string): string {
  held.partsWritten += 1;
  const { batch, fence } = held.lease;
  return partKey(batch.project, file, `part-${fence}-${held.partsWritten}`);
}

/** Many lines at a time: whatever becomes of a chunk on its way to the disk is the same work for any. */
async function* chunks(
  pages: AsyncIterable<readonly PartLine[]>,
  entries: RunEntry[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const page of pages) {
    signal.throwIfAborted();
    for (const { line, bytes } of page) {
      entries.push({ line, bytes: bytes.length + NEWLINE.length });
      held.push(bytes, NEWLINE);
      length += bytes.length + NEWLINE.length;
    }
    if (length < CHUNK_BYTES) continue;
    yield Buffer.concat(held, length);
    held = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(held, length);
}

/** The pages of which one was read to see whether there is any. */
export async function* resumed<Page>(first: Page, rest: AsyncIterable<Page>): AsyncGenerator<Page> {
  yield first;
  yield* rest;
}
