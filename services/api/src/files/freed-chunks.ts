/** Gives the memory of an upload's chunks back as soon as each is consumed. */
export interface FreedChunks {
  /** Keeps in mind that nobody else needs the chunk's memory, when it came from the connection. */
  arrived(chunk: Uint8Array): void;
  /**
   * Passes on what a parser cut out of those chunks, in their order. A piece holds only until the
   * next one is asked for.
   */
  free(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
}

/**
 * A chunk's memory lies outside V8's heap. Left to the garbage collection it counts until the next
 * one, and V8 collects the whole heap for each few tens of megabytes that have come: 10 to 40 ms, for
 * which everybody else's request waits. Detaching the buffer gives it back without one.
 */
export function createFreedChunks(): FreedChunks {
  // Weak: what holds nothing of the file, such as what stands before or behind its form, is passed on by
  // nobody, and must not be kept for that.
  const arrived = new WeakSet<ArrayBufferLike>();
  return {
    arrived: ({ buffer, byteLength }) => {
      // A part of a larger buffer has neighbours, which are somebody else's.
      if (buffer.byteLength === byteLength) arrived.add(buffer);
    },

    free: async function* (pieces) {
      let last: ArrayBufferLike | undefined;
      for await (const piece of pieces) {
        yield piece;
        // Pieces come in the order of the chunks: one of the next chunk says that of the last one
        // there are no more.
        if (piece.buffer === last) continue;
        if (last instanceof ArrayBuffer && arrived.delete(last)) last.transfer(0);
        last = piece.buffer;
      }
    },
  };
}

/** Passes on chunks that come from a connection, each for only until the next one is asked for. */
export function freeChunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = createFreedChunks();
  const noted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      chunks.arrived(chunk);
      yield chunk;
    }
  };
  return chunks.free(noted());
}
