import { fileRecordSchema } from '@understudy/contracts';
import type { StoredFile } from './file-store.ts';

/** A file as HMGET gives its `rec`, `bytes` and `complete`; undefined when there is none. */
export function parseStoredFile([rec, bytes, complete]: readonly (string | null)[]):
  | StoredFile
  | undefined {
  if (rec === null || rec === undefined) return undefined;
  return {
    record: fileRecordSchema.parse(JSON.parse(rec)),
    bytes: Number(bytes),
    complete: complete === '1',
  };
}
