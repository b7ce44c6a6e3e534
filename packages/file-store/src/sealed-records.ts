import { Transform } from 'node:stream';
import { SEAL_BYTES, isSealed } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';

/** Bytes of content in a record; the last one of a file may have fewer. */
export const RECORD_BYTES = 64 * 1024;
const SEALED_RECORD_BYTES = RECORD_BYTES + SEAL_BYTES;

/** Each record is bound to its file and its place in it, so that none can be moved or repeated. */
function placeOf(key: string, index: number): string {
  return `file:${key}#${index}`;
}

/** A content as sealed records, one after another; an empty one has none. */
export async function* sealRecords(
  sealer: Sealer,
  key: string,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let index = 0;
  for await (const record of recordsOf(chunks, RECORD_BYTES)) {
    yield sealer.seal(record, placeOf(key, index));
    index += 1;
  }
}

export interface ContentRange {
  start: number;
  end: number;
}

/** The whole records that hold a range of the content, as a range of the sealed bytes. */
export function sealedRange({ start, end }: ContentRange): ContentRange {
  return {
    start: Math.floor(start / RECORD_BYTES) * SEALED_RECORD_BYTES,
    end: Math.ceil(end / RECORD_BYTES) * SEALED_RECORD_BYTES,
  };
}

/**
 * Takes sealed records, from the one that holds `start` on, and gives the content from `start` to
 * `end`. Fails with the errors of the sealer, and where a record was cut.
 */
export function openRecords(sealer: Sealer, key: string, { start, end }: ContentRange): Transform {
  let index = Math.floor(start / RECORD_BYTES);
  const gather = createGatherer(SEALED_RECORD_BYTES);
  const contentOf = (record: Buffer): Buffer => {
    if (!isSealed(record))
      throw new Error(`record ${index} of an encrypted file is cut or changed`);
    const content = sealer.open(record, placeOf(key, index));
    const at = index * RECORD_BYTES;
    index += 1;
    return content.subarray(Math.max(0, start - at), Math.max(0, end - at));
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        for (const record of gather.add(chunk)) this.push(contentOf(record));
        done();
      } catch (error) {
        done(asError(error));
      }
    },
    flush(done) {
      try {
        const rest = gather.rest();
        if (rest.length > 0) this.push(contentOf(rest));
        done();
      } catch (error) {
        done(asError(error));
      }
    },
  });
}

async function* recordsOf(chunks: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  const gather = createGatherer(size);
  for await (const chunk of chunks) yield* gather.add(chunk);
  const rest = gather.rest();
  if (rest.length > 0) yield rest;
}

/** Cuts chunks of any length into pieces of one; what is left over waits for more. */
function createGatherer(size: number) {
  let waiting: Buffer[] = [];
  let bytes = 0;
  const rest = (): Buffer => Buffer.concat(waiting, bytes);
  return {
    add: (chunk: Buffer): Buffer[] => {
      waiting.push(chunk);
      bytes += chunk.length;
      if (bytes < size) return [];
      const all = rest();
      const pieces = Array.from({ length: Math.floor(bytes / size) }, (_, index) =>
        all.subarray(index * size, (index + 1) * size),
      );
      waiting = [all.subarray(pieces.length * size)];
      bytes -= pieces.length * size;
      return pieces;
    },
    rest,
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
