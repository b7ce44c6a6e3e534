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
  expect(await memoriesOf(gatherChunks(chunksOf(sizes)))).toBe(3);
});
