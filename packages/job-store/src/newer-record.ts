/** A record that a newer service wrote: what it means is not known here, so it is left alone. */
export interface NewerRecord {
  newer: number;
}

/** Somebody wants to read or change a job whose record is of a newer version. */
export class NewerRecordError extends Error {
  override name = 'NewerRecordError';

  constructor(id: string, version: number, newest: number) {
    super(
      `the record of ${id} is of version ${version} and this service reads up to ${newest}: ` +
        'it is left to services of the release that wrote it',
    );
  }
}

export function isNewerRecord(record: object | undefined): record is NewerRecord {
  return record !== undefined && 'newer' in record;
}
