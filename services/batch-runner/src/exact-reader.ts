import type { Readable } from 'node:stream';

/** Takes pieces of known length off a stream, in order. */
export interface ExactReader {
  /** @throws Error when the stream ends before */
  take(length: number): Promise<Buffer>;
  /** The same where nothing more has to be read for it; else undefined, and nothing is taken. */
  takeHeld(length: number): Buffer | undefined;
  close(): void;
}

export function readExactly(stream: Readable): ExactReader {
  const chunks = stream.iterator({ destroyOnReturn: true });
  let held: Buffer = Buffer.alloc(0);
  return {
    take: async (length) => {
      const pieces = [held];
      let have = held.length;
      while (have < length) {
        const next: IteratorResult<unknown> = await chunks.next();
        if (next.done === true) throw new Error('a part of a result file is shorter than it was');
        if (!Buffer.isBuffer(next.value)) throw new TypeError('expected the bytes of a part');
        pieces.push(next.value);
        have += next.value.length;
      }
      const all = pieces.length === 1 ? held : Buffer.concat(pieces, have);
      held = all.subarray(length);
      return all.subarray(0, length);
    },
    takeHeld: (length) => {
      if (held.length < length) return undefined;
      const taken = held.subarray(0, length);
      held = held.subarray(length);
      return taken;
    },
    close: () => void stream.destroy(),
  };
}
