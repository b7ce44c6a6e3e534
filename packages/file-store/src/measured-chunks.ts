import { createHash } from 'node:crypto';
import { BrokerError } from '@understudy/contracts';
import type { WrittenBytes } from './file-bytes.ts';
import type { GatherChunks } from './gathered-chunks.ts';

export interface MeasuredChunks {
  /** The source in chunks worth writing; iterated once. */
  chunks: AsyncIterable<Buffer>;
  /** Of what was passed on, once it is all through. */
  written(): Omit<WrittenBytes, 'key'>;
  /** The source's own error, told apart from one of the place that it is written to. */
  sourceFailure(): { error: unknown } | undefined;
}

/**
 * Gathers, counts and hashes a source on its way.
 * @param maxBytes beyond it the chunks end with BrokerError `body_too_large`
 */
export function measureChunks(
  source: AsyncIterable<Uint8Array>,
  gather: GatherChunks,
  maxBytes: number = Infinity,
): MeasuredChunks {
  const hash = createHash('sha256');
  let bytes = 0;
  let failure: { error: unknown } | undefined;

  const count = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      hash.update(chunk);
      yield chunk;
    }
  };
  const chunks = async function* (): AsyncGenerator<Buffer> {
    try {
      yield* gather(count());
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  let sha256: string | undefined;
  return {
    chunks: chunks(),
    written: () => {
      sha256 ??= hash.digest('hex');
      return { bytes, sha256 };
    },
    sourceFailure: () => failure,
  };
}

function tooLarge(maxBytes: number): BrokerError {
  return new BrokerError(
    'body_too_large',
    `the file has more than ${maxBytes} bytes, the most that is taken; split it`,
  );
}
