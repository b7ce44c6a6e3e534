import type { JobRecord } from '@understudy/contracts';
import { readOutbox } from '@understudy/job-store';
import type { JobReference, OutboxEntry } from '@understudy/job-store';
import type { OpenDispatch } from '@understudy/dispatch';

/** Some of what the outboxes hold, with the jobs it is about. */
export interface OutboxPage {
  /** Of each shard that has any, oldest first. */
  entries: ReadonlyMap<number, readonly OutboxEntry[]>;
  /** The job as it is now; undefined when it is no longer kept. */
  recordOf(job: JobReference): JobRecord | undefined;
  records: readonly JobRecord[];
}

/**
 * The batch tells its owner how it ended. Fifty thousand ends of lines would push every other event
 * out of the project's stream, and make as many webhooks; a line is still followed by its own id.
 */
export function isBatchLine(record: JobRecord | undefined): boolean {
  return record?.request.batch !== undefined;
}

/** Reads up to `limit` entries of each shard. */
export async function readOutboxPage(
  { redis, keyPrefix, store }: OpenDispatch,
  shards: readonly number[],
  limit: number,
): Promise<OutboxPage> {
  const entries = await readOutbox(redis, keyPrefix, shards, limit);
  const jobs = new Map(
    [...entries.values()].flat().map(({ project, id }) => [`${project}/${id}`, { project, id }]),
  );
  const found = await store.readRecords([...jobs.values()]);
  const records = new Map([...jobs.keys()].map((name, index) => [name, found[index]]));
  return {
    entries,
    recordOf: ({ project, id }) => records.get(`${project}/${id}`),
    records: found.filter((record) => record !== undefined),
  };
}
