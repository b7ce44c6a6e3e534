import { Session } from 'node:inspector/promises';
import { expect, test } from 'vitest';
import { createFreedChunks } from './freed-chunks.ts';

test('a chunk is given back when a piece of the next one was consumed', async () => {
  const chunks = createFreedChunks();
  const [first, second, third] = [1, 2, 3].map((fill) => own(8, fill));
  for (const chunk of [first!, second!, third!]) chunks.arrived(chunk);

  const pieces = chunks.free(
    of(first!.subarray(0, 3), first!.subarray(3), second!, third!.subarray(2)),
  );
  const sizes: number[][] = [];
  for await (const piece of pieces) {
    expect(new Set(piece).size).toBe(1);
    sizes.push([first!, second!, third!].map(({ byteLength }) => byteLength));
  }
  // While a piece is in the consumer's hands, its chunk and the one before it stand.
  expect(sizes).toEqual([
    [8, 8, 8],
    [8, 8, 8],
    [8, 8, 8],
    [0, 8, 8],
  ]);
  expect([first!, second!, third!].map(({ byteLength }) => byteLength)).toEqual([0, 0, 8]);
});

test('memory that others share, or that never arrived, is left alone', async () => {
  const chunks = createFreedChunks();
  const pool = own(64, 1);
  const [ofPool, parsers] = [pool.subarray(0, 8), own(4, 2)];
  chunks.arrived(ofPool);

  for await (const piece of chunks.free(of(ofPool, parsers, own(8, 3), own(8, 4)))) {
    expect(piece.byteLength).toBeGreaterThan(0);
  }
  expect([pool.byteLength, parsers.byteLength]).toEqual([64, 4]);
});

test('a chunk of which no piece ever comes is not kept', async () => {
  const chunks = createFreedChunks();
  const gone = arriveAndForget(chunks);
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.collectGarbage');
  session.disconnect();
  expect(gone.deref()).toBeUndefined();
  // Still in use, so that it is not the one that has gone.
  chunks.arrived(own(8, 1));
});

function arriveAndForget(chunks: ReturnType<typeof createFreedChunks>): WeakRef<ArrayBufferLike> {
  const chunk = own(8, 1);
  chunks.arrived(chunk);
  return new WeakRef(chunk.buffer);
}

function own(size: number, fill: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(size)).fill(fill);
}

async function* of(...pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
