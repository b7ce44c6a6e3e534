/** Chunks are gathered up to this size, so that a thousand short lines are one write. */
const GATHERED_BYTES = 256 * 1024;

/** Makes chunks worth writing out of whatever comes, and keeps none of the source's chunks. */
export type GatherChunks = (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Buffer>;

/** Each chunk has a buffer of its own, and may be kept. */
export function gatherChunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  return gather(source, () => Buffer.allocUnsafeSlow(GATHERED_BYTES));
}

/**
 * Each chunk holds only until the next one is asked for: all of them are one buffer. Fresh ones are
 * memory outside V8's heap, for which V8 collected the whole heap each 10 MB of an upload, five
 * times a second, and everybody else's requests waited meanwhile.
 */
export function gatherInOneBuffer(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(GATHERED_BYTES);
  return gather(source, () => buffer);
}

async function* gather(
  source: AsyncIterable<Uint8Array>,
  nextBuffer: () => Buffer,
): AsyncGenerator<Buffer> {
  let buffer = nextBuffer();
  let filled = 0;
  for await (const chunk of source) {
    for (let taken = 0; taken < chunk.byteLength;) {
      const part = chunk.subarray(taken, taken + GATHERED_BYTES - filled);
      buffer.set(part, filled);
      filled += part.byteLength;
      taken += part.byteLength;
      if (filled < GATHERED_BYTES) continue;
      yield buffer;
      buffer = nextBuffer();
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}
