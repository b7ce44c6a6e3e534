import type { JobRecord } from '@understudy/contracts';
import { isNewerRecord, readOutbox } from '@understudy/job-store';
import type { JobReference, NewerRecord, OutboxEntry } from '@understudy/job-store';
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

/**
 * Reads up to `limit` entries of each shard. A page ends before an entry about a job whose record a
 * newer release wrote: what it says stays in the outbox until a scheduler of that release leads.
 */
export async function readOutboxPage(
  { redis, keyPrefix, store }: OpenDispatch,
  shards: readonly number[],
  limit: number,
): Promise<OutboxPage> {
  const entries = await readOutbox(redis, keyPrefix, shards, limit);
  const jobs = new Map(
    [...entries.values()].flat().map(({ project, id }) => [`${project}/${id}`, { project, id }]),
  );
  const found = await store.readEach([...jobs.values()]);
  const records = new Map([...jobs.keys()].map((name, index) => [name, found[index]]));
  if (!found.some(isNewerRecord)) return pageOf(entries, records);
  return pageOf(untilNewer(entries, records), records);
}

type FoundRecords = ReadonlyMap<string, JobRecord | NewerRecord | undefined>;

function pageOf(
  entries: ReadonlyMap<number, readonly OutboxEntry[]>,
  found: FoundRecords,
): OutboxPage {
  const recordOf = ({ project, id }: JobReference): JobRecord | undefined => {
    const record = found.get(`${project}/${id}`);
    return isNewerRecord(record) ? undefined : record;
  };
  const records = [...entries.values()].flat().map(recordOf);
  return { entries, recordOf, records: [...new Set(records)].filter((one) => one !== undefined) };
}

function untilNewer(
  entries: ReadonlyMap<number, readonly OutboxEntry[]>,
  records: FoundRecords,
): Map<number, readonly OutboxEntry[]> {
  const readable = [...entries].map(([shard, rows]) => {
    const end = rows.findIndex(({ project, id }) => isNewerRecord(records.get(`${project}/${id}`)));
    return [shard, end === -1 ? rows : rows.slice(0, end)] as const;
  });
  return new Map(readable.filter(([, rows]) => rows.length > 0));
}
