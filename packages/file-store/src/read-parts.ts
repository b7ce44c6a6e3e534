import { BrokerError } from '@understudy/contracts';
import type { FilePart } from '@understudy/contracts';
import type { FileBytes } from './file-bytes.ts';

const RETRY_AFTER_SECONDS = 5;

/**
 * Part after part, from a byte of the whole on.
 * @throws BrokerError `unavailable` where a part is not, or no longer, there as it was committed:
 *   the file was removed or merged meanwhile
 */
export async function* readParts(
  bytes: FileBytes,
  parts: readonly FilePart[],
  start: number,
): AsyncGenerator<Buffer> {
  let offset = start;
  for (const part of parts) {
    if (offset >= part.bytes) {
      offset -= part.bytes;
      continue;
    }
    let missing = part.bytes - offset;
    const stream = await bytes.read(part.key, { start: offset, end: part.bytes });
    for await (const chunk of stream ?? []) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('expected the bytes of a file as a Buffer');
      missing -= chunk.byteLength;
      yield chunk;
    }
    if (missing !== 0) throw changed();
    offset = 0;
  }
}

function changed(): BrokerError {
  return new BrokerError(
    'unavailable',
    'the file was removed or rewritten while it was read; read it again from where you stopped',
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}
