import type { BatchRequest } from '@understudy/contracts';

/** A batch, named. */
export interface BatchReference {
  project: string;
  id: string;
}

/** A batch's keys in Redis. All keys of a project share a slot, its files' and its events' too. */
export interface BatchKeys {
  /** Hash; its fields are listed at `parseBatch`. */
  record: string;
  /** Bitmap by line number: 1 of a line whose end has been counted, or that holds no request. */
  counted: string;
  /** Sorted set of lines that have ended and stand in no result file yet, by their number. */
  ended: string;
  /** Hash: why a line became no job, as JSON by its number. */
  rejected: string;
  /** Hash: the file that a line was written to, by its number, until its job knows of it. */
  moving: string;
  /** What is left of an idempotency key when the batch is no longer kept. */
  tombstone: string;
}

export function batchKeys(prefix: string, { project, id }: BatchReference): BatchKeys {
  const record = `${prefix}:{p:${project}}:batch:${id}`;
  return {
    record,
    counted: `${record}:counted`,
    ended: `${record}:ended`,
    rejected: `${record}:rejected`,
    moving: `${record}:moving`,
    tombstone: `${record}:tombstone`,
  };
}

/** List of the runs of a growing result file: where each part's lines stand, until they are merged. */
export function runsKey(prefix: string, batch: BatchReference, file: string): string {
  return `${batchKeys(prefix, batch).record}:runs:${file}`;
}

/** Of a project and a surface: batches by the time they were made. */
export function batchListKey(
  prefix: string,
  project: string,
  surface: BatchRequest['surface'],
): string {
  return `${prefix}:{p:${project}}:batches:${surface}`;
}

/** Every batch that somebody must still work on, as `project/id`, by the time it was made. */
export function unfinishedKey(prefix: string): string {
  return `${prefix}:{batches}:unfinished`;
}

/** Where it is said that a batch has something to be done; the message is `project/id`. */
export function wakeChannel(prefix: string): string {
  return `${prefix}:{batches}:wake`;
}

/** Read back by `parseMember`, as a job's is. */
export function batchMember({ project, id }: BatchReference): string {
  return `${project}/${id}`;
}
