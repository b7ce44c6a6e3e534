import { isTerminal } from '@understudy/contracts';
import { isUnread, keptJobs, readOutbox } from '@understudy/job-store';
import type {
  JobOutline,
  JobReference,
  OutboxEntries,
  OutboxEntry,
  UnreadRecord,
} from '@understudy/job-store';
import type { OpenDispatch } from '@understudy/dispatch';

/** Some of what the outboxes hold, with the jobs it is about. */
export interface OutboxPage {
  /** Of each shard that has any, oldest first. */
  entries: OutboxEntries;
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

/** What a page says of these jobs cannot be told now: the page has to end before it. */
export class UntoldError extends Error {
  override name = 'UntoldError';
  readonly jobs: readonly JobReference[];

  constructor(jobs: readonly JobReference[]) {
    super(`something of ${jobs.length} jobs cannot be read, and is told of later`);
    this.jobs = jobs;
  }
}

/**
 * Reads up to `limit` entries of each shard. A page ends before an entry about a job whose record
 * cannot be read: what it says stays in the outbox until a scheduler leads that can, as it is of a
 * newer release, or has the key.
 * @param untold names of jobs that count as such, of an UntoldError
 */
export async function readOutboxPage(
  { redis, keyPrefix, store }: OpenDispatch,
  shards: readonly number[],
  limit: number,
  untold: ReadonlySet<string> = new Set(),
): Promise<OutboxPage> {
  const read = await readOutbox(redis, keyPrefix, shards, limit);
  const latest = new Map<string, OutboxEntry>();
  const names = new Map<OutboxEntry, string>();
  for (const rows of read.values()) {
    for (const entry of rows) {
      const name = nameOf(entry);
      names.set(entry, name);
      latest.set(name, entry);
    }
  }
  const records = await readLatest({ redis, keyPrefix, store }, latest);
  for (const name of untold) if (records.has(name)) records.set(name, UNTOLD);
  const outlines = new Map<OutboxEntry, FoundRecord>();
  for (const [entry, name] of names) outlines.set(entry, records.get(name));
  return [...records.values()].some(isUnread)
    ? pageOf(untilUnread(read, outlines), outlines)
    : pageOf(read, outlines);
}

type FoundRecord = JobOutline | UnreadRecord | undefined;

const UNTOLD: UnreadRecord = { unreadable: new Error('is told of later') };

/**
 * Each job as it is now, or as its latest entry tells it: what has changed since comes with another
 * entry. Of a job that was erased meanwhile, whatever tells of it, there is nothing.
 * @param latest by the name of the job
 */
async function readLatest(
  { redis, keyPrefix, store }: Pick<OpenDispatch, 'redis' | 'keyPrefix' | 'store'>,
  latest: ReadonlyMap<string, OutboxEntry>,
): Promise<Map<string, FoundRecord>> {
  const entries = [...latest.values()];
  const untold = entries.filter(({ outline }) => outline === undefined);
  const [found, kept] = await Promise.all([
    store.readOutlines(untold),
    keptJobs(
      redis,
      keyPrefix,
      entries.filter(({ outline }) => outline !== undefined),
    ),
  ]);
  return new Map<string, FoundRecord>([
    ...untold.map((entry, index) => [nameOf(entry), found[index]] as const),
    ...kept.map((entry) => [nameOf(entry), entry.outline] as const),
  ]);
}

export function nameOf({ project, id }: JobReference): string {
  return `${project}/${id}`;
}

function pageOf(entries: OutboxEntries, found: ReadonlyMap<OutboxEntry, FoundRecord>): OutboxPage {
  const recordOf = (entry: OutboxEntry): JobOutline | undefined => {
    const record = found.get(entry);
    return isUnread(record) ? undefined : record;
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

function untilUnread(
  entries: OutboxEntries,
  found: ReadonlyMap<OutboxEntry, FoundRecord>,
): Map<number, readonly OutboxEntry[]> {
  const readable = [...entries].map(([shard, rows]) => {
    const unread = rows.find((entry) => isUnread(found.get(entry)));
    if (unread === undefined) return [shard, rows] as const;
    // Lines that share an entry of the stream stay together: it is forgotten as a whole.
    const end = rows.findIndex(({ entryId }) => entryId === unread.entryId);
    return [shard, rows.slice(0, end)] as const;
  });
  return new Map(readable.filter(([, rows]) => rows.length > 0));
}
