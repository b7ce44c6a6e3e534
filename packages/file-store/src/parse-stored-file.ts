import { fileRecordSchema } from '@understudy/contracts';
import type { FileRecord } from '@understudy/contracts';
import { createSealedMembers } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import type { StoredFile } from './file-store.ts';

/** The name that its owner gave a file may say what is in it, or of whom. */
const CALLERS_OWN = ['filename'];

/** A file's record as it is kept. @param key of its hash in Redis, to which it is bound */
export function fileRecordText(record: FileRecord, sealer: Sealer, key: string): string {
  return JSON.stringify(createSealedMembers(sealer, CALLERS_OWN).seal(record, placeOf(key)));
}

/** The fields of a file's hash that `parseStoredFile` reads. */
export const STORED_FIELDS = ['rec', 'bytes', 'complete'] as const;

/** A file as HMGET gives its `STORED_FIELDS`; undefined when there is none. */
export function parseStoredFile(
  [rec, bytes, complete]: readonly (string | null)[],
  sealer: Sealer,
  key: string,
): StoredFile | undefined {
  if (rec === null || rec === undefined) return undefined;
  const kept = createSealedMembers(sealer, CALLERS_OWN).open(JSON.parse(rec), placeOf(key));
  return {
    record: fileRecordSchema.parse(kept),
    bytes: Number(bytes),
    complete: complete === '1',
  };
}

function placeOf(key: string): string {
  return `${key}#record`;
}
