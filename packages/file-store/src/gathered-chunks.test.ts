import { expect, test } from 'vitest';
import { gatherChunks, gatherInOneBuffer } from './gathered-chunks.ts';

const SIZES = [0, 1, 100, 256 * 1024 - 1, 256 * 1024, 3, 700_000, 5];

async function* chunksOf(sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const [index, size] of sizes.entries()) yield new Uint8Array(size).fill(index + 1);
}

const whole = Buffer.concat(SIZES.map((size, index) => Buffer.alloc(size, index + 1)));

test.each([
  ['buffers of their own', gatherChunks],
  ['one buffer', gatherInOneBuffer],
])('what is gathered in %s is what came, in its order', async (_name, gather) => {
  const seen: Buffer[] = [];
  for await (const chunk of gather(chunksOf(SIZES))) seen.push(Buffer.from(chunk));
  expect(Buffer.concat(seen).equals(whole)).toBe(true);
  expect(seen.length).toBeLessThan(SIZES.length);
});

async function memoriesOf(chunks: AsyncIterable<Buffer>): Promise<number> {
  const buffers = new Set<ArrayBufferLike>();
  for await (const chunk of chunks) buffers.add(chunk.buffer);
  return buffers.size;
}

test('chunks gathered in one buffer share their memory, others do not', async () => {
  const sizes = [300_000, 300_000, 300_000];
  expect(await memoriesOf(gatherInOneBuffer(chunksOf(sizes)))).toBe(1);
  expect(await memoriesOf(gatherChunks(chunksOf(sizes)))).toBe(4);
});

test.each([
  ['buffers of their own', gatherChunks],
  ['one buffer', gatherInOneBuffer],
])('what is gathered in %s outlives the memory it came in', async (_name, gather) => {
  const seen: Buffer[] = [];
  for await (const chunk of gather(freedChunks(6, 100_000))) seen.push(Buffer.from(chunk));
  const expected = Buffer.concat([1, 2, 3, 4, 5, 6].map((fill) => Buffer.alloc(100_000, fill)));
  expect(Buffer.concat(seen).equals(expected)).toBe(true);
});

async function* freedChunks(count: number, size: number): AsyncGenerator<Uint8Array> {
  for (let fill = 1; fill <= count; fill += 1) {
    const memory = new ArrayBuffer(size);
    yield new Uint8Array(memory).fill(fill);
    memory.transfer(0);
  }
}
