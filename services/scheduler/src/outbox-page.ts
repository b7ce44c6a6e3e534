import { isTerminal } from '@understudy/contracts';
import { isNewerRecord, readOutbox } from '@understudy/job-store';
import type { JobOutline, JobReference, NewerRecord, OutboxEntry } from '@understudy/job-store';
import type { OpenDispatch } from '@understudy/dispatch';

/** Some of what the outboxes hold, with the jobs it is about. */
export interface OutboxPage {
  /** Of each shard that has any, oldest first. */
  entries: ReadonlyMap<number, readonly OutboxEntry[]>;
  /** The job of one of these entries as it is now; undefined when it is no longer kept. */
  recordOf(entry: OutboxEntry): JobOutline | undefined;
  /** Each job once. */
  records: readonly JobOutline[];
}

/**
 * The batch tells its owner how it ended. Fifty thousand ends of lines would push every other event
 * out of the project's stream, and make as many webhooks; a line is still followed by its own id.
 */
export function isBatchLine(record: JobOutline | undefined): boolean {
  return record?.request.batch !== undefined;
}

/** Whether a change is an event: how a job ended, or that attempts failed. */
export function tellsSomething({ status, failedAttempts }: OutboxEntry): boolean {
  return failedAttempts.length > 0 || isTerminal(status);
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
  const read = await readOutbox(redis, keyPrefix, shards, limit);
  const jobs = new Map<string, JobReference>();
  const names = new Map<OutboxEntry, string>();
  for (const rows of read.values()) {
    for (const entry of rows) {
      const name = `${entry.project}/${entry.id}`;
      names.set(entry, name);
      jobs.set(name, entry);
    }
  }
  const found = await store.readOutlines([...jobs.values()]);
  const records = new Map([...jobs.keys()].map((name, index) => [name, found[index]]));
  const outlines = new Map<OutboxEntry, FoundRecord>();
  for (const [entry, name] of names) outlines.set(entry, records.get(name));
  return found.some(isNewerRecord)
    ? pageOf(untilNewer(read, outlines), outlines)
    : pageOf(read, outlines);
}

type FoundRecord = JobOutline | NewerRecord | undefined;

function pageOf(
  entries: ReadonlyMap<number, readonly OutboxEntry[]>,
  found: ReadonlyMap<OutboxEntry, FoundRecord>,
): OutboxPage {
  const recordOf = (entry: OutboxEntry): JobOutline | undefined => {
    const record = found.get(entry);
    return isNewerRecord(record) ? undefined : record;
  };
  const records = new Set<JobOutline>();
  for (const rows of entries.values()) {
    for (const entry of rows) {
      const record = recordOf(entry);
      if (record !== undefined) records.add(record);
    }
  }
  return { entries, recordOf, records: [...records] };
}

function untilNewer(
  entries: ReadonlyMap<number, readonly OutboxEntry[]>,
  found: ReadonlyMap<OutboxEntry, FoundRecord>,
): Map<number, readonly OutboxEntry[]> {
  const readable = [...entries].map(([shard, rows]) => {
    const end = rows.findIndex((entry) => isNewerRecord(found.get(entry)));
    return [shard, end === -1 ? rows : rows.slice(0, end)] as const;
  });
  return new Map(readable.filter(([, rows]) => rows.length > 0));
}
