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
