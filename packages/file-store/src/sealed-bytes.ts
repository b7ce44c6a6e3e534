import { Readable, pipeline } from 'node:stream';
import { UnsealedError } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import type { FileBytes } from './file-bytes.ts';
import { gatherChunks } from './gathered-chunks.ts';
import { measureChunks } from './measured-chunks.ts';
import { openRecords, sealRecords, sealedRange } from './sealed-records.ts';

/** What the key of encrypted bytes ends in, so that a range of them is found in one read. */
const SEALED_MARK = '.sealed';

/**
 * A place for bytes whose content is encrypted on its way in and read back on its way out, in
 * records, so that any range is read without the rest. What stands there in the clear, written
 * before there was a key, is read as it is; and what was encrypted is told apart also where there is
 * no key any more, by a reader that names the key which is missing.
 */
export function createSealedBytes(bytes: FileBytes, sealer: Sealer): FileBytes {
  return {
    ...bytes,

    write: async (key, source, options) => {
      if (!sealer.encrypts) return bytes.write(key, source, options);
      const sealedKey = `${key}${SEALED_MARK}`;
      const content = measureChunks(source, gatherChunks, options?.maxBytes);
      const { key: stored } = await bytes.write(
        sealedKey,
        sealRecords(sealer, sealedKey, content.chunks),
      );
      return { ...content.written(), key: stored };
    },

    read: async (key, range) => {
      if (!key.endsWith(SEALED_MARK)) {
        if (sealer.required) throw new UnsealedError(key);
        return bytes.read(key, range);
      }
      const { start = 0, end = Infinity } = range ?? {};
      if (end <= start) {
        const found = await bytes.read(key, { start: 0, end: 0 });
        return found === undefined ? undefined : Readable.from([]);
      }
      const wanted = { start, end };
      const { start: from, end: to } = sealedRange(wanted);
      const sealed = await bytes.read(key, {
        start: from,
        ...(to === Infinity ? {} : { end: to }),
      });
      if (sealed === undefined) return undefined;
      // Ends both where one of them ends; what went wrong, whoever reads hears of.
      return pipeline(sealed, openRecords(sealer, key, wanted), () => undefined);
    },
  };
}
