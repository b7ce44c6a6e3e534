import { BrokenSealError, MissingKeyError, UnsealedError } from '@understudy/sealing';
import { isNewerRecord } from './newer-record.ts';
import type { NewerRecord } from './newer-record.ts';

/** A record that does not open under the keys of this process, or that no schema reads. */
export interface UnreadableRecord {
  /** What was thrown; of a key that is missing it names the id. */
  unreadable: Error;
}

/** A record that cannot be read here and now: who looks after many jobs leaves this one alone. */
export type UnreadRecord = NewerRecord | UnreadableRecord;

export function isUnread(record: object | undefined): record is UnreadRecord {
  return isNewerRecord(record) || isUnreadable(record);
}

export function isUnreadable(record: object | undefined): record is UnreadableRecord {
  return record !== undefined && 'unreadable' in record;
}

/** What `read` makes of one record, or why it cannot: the others beside it are read all the same. */
export function readAlone<Found>(read: () => Found): Found | UnreadableRecord {
  try {
    return read();
  } catch (error) {
    return { unreadable: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** As `readAlone`, of bytes that are to be opened: what Redis fails with is thrown. */
export async function openAlone<Found>(reading: Promise<Found>): Promise<Found | UnreadableRecord> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof BrokenSealError || mayOpenLater(error)) return { unreadable: error };
    throw error;
  }
}

/**
 * Whether something was changed, so that no key and no other release reads it. As the key may be a wrong
 * one of the right name, nothing is to be given up for it before it must.
 */
export function isBroken(record: UnreadRecord): boolean {
  return isUnreadable(record) && !mayOpenLater(record.unreadable);
}

function mayOpenLater(error: unknown): error is MissingKeyError | UnsealedError {
  return error instanceof MissingKeyError || error instanceof UnsealedError;
}
