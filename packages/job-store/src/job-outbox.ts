import { SCHEMA_VERSION, jobStatusSchema } from '@understudy/contracts';
import type { JobEvent } from '@understudy/contracts';
import { loadScript, repliesOf, replyList, replyText } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { parseTally } from './attempt-tally.ts';
import type { AttemptTally } from './attempt-tally.ts';
import { outboxKey } from './job-keys.ts';
import type { JobOutline } from './job-outline.ts';
import { parseToldJob } from './told-job.ts';
import { parseLines } from './told-lines.ts';

const readScript = loadScript(new URL('./scripts/read-outbox.lua', import.meta.url));

export interface OutboxEntry extends JobEvent {
  /** Of the shard's stream; grows with every change of any of its jobs. */
  entryId: string;
  /** Numbers of the attempts that failed with this change; each is an event of its own. */
  failedAttempts: number[];
  /** Id of the API key that the job came with. */
  key?: string;
  /** The attempts that came with this change. */
  tally: AttemptTally;
  /** What the job has cost, in USD, where this change is its end and that is known. */
  spent?: number;
  /** The job as this change left it, where the entry tells; else its record does. */
  outline?: JobOutline;
}

/** Entries by their shard, of each oldest first. */
export type OutboxEntries = ReadonlyMap<number, readonly OutboxEntry[]>;

/** When the change was made, in milliseconds since the epoch by the clock of Redis. */
export function changedAt({ entryId }: OutboxEntry): number {
  return Number(entryId.slice(0, entryId.indexOf('-')));
}

/** The digits of milliseconds for the next centuries, and more than Redis counts in one of them. */
const ID_DIGITS = [15, 10] as const;

/** An entry's id as text that sorts like the ids of its shard. */
export function sortableEntryId({ entryId }: Pick<OutboxEntry, 'entryId'>): string {
  const parts = entryId.split('-');
  return ID_DIGITS.map((digits, index) => (parts[index] ?? '').padStart(digits, '0')).join('-');
}

/**
 * What each change of a record left in its shard's stream, in order, until it was relayed. Lines of a
 * batch that were created together share an entry of the stream, and have one each here, of the same
 * id. Of a shard only as far as it can be read: at a status that only a newer release knows it ends.
 */
export async function readOutbox(
  redis: Redis,
  prefix: string,
  shards: readonly number[],
  limit: number,
): Promise<Map<number, OutboxEntry[]>> {
  const replies = await Promise.all(
    shards.map((shard) => readScript.run(redis, [outboxKey(prefix, shard)], [limit])),
  );
  const entries = new Map<number, OutboxEntry[]>();
  for (const [index, shard] of shards.entries()) {
    const readable = parseReadable(replies[index]);
    if (readable.length > 0) entries.set(shard, readable);
  }
  return entries;
}

/** Forgets the entries of each shard up to and including the one named; they have been relayed. */
export async function trimOutbox(
  redis: Redis,
  prefix: string,
  lastEntryIds: ReadonlyMap<number, string>,
): Promise<void> {
  const pipeline = redis.pipeline();
  for (const [shard, entryId] of lastEntryIds) {
    pipeline.xtrim(outboxKey(prefix, shard), 'MINID', after(entryId));
  }
  await repliesOf(pipeline.exec());
}

function after(entryId: string): string {
  const [time, sequence] = entryId.split('-');
  return `${time}-${Number(sequence) + 1}`;
}

function parseReadable(reply: unknown): OutboxEntry[] {
  const readable: OutboxEntry[] = [];
  for (const row of replyList(reply)) {
    const entries = parseEntry(replyText(row));
    if (entries === undefined) break;
    readable.push(...entries);
  }
  return readable;
}

/**
 * One of each job that the entry tells of; undefined of what only a newer release can read.
 * @param text as `read-outbox.lua` writes an entry
 */
function parseEntry(text: string): OutboxEntry[] | undefined {
  const [entryId = '', ...fields] = text.split('\n');
  const named: Record<string, string> = {};
  for (let index = 0; index + 1 < fields.length; index += 2) {
    named[fields[index]!] = fields[index + 1]!;
  }
  // What says nothing is left out; an entry of an older version may have it empty.
  const { s, p: project = '', j: id = '', v: version } = named;
  const { f: failed = '', k: key = '', c: spent = '', a: tally = '', l: lines, o: told } = named;
  const status = jobStatusSchema.safeParse(s).data;
  if (status === undefined) return undefined;
  const entry: OutboxEntry = {
    v: SCHEMA_VERSION,
    entryId,
    project,
    id,
    version: Number(version),
    status,
    failedAttempts: failed === '' ? [] : failed.split(',').map(Number),
    tally: parseTally(tally),
    ...(key === '' ? {} : { key }),
    ...(spent === '' ? {} : { spent: Number(spent) }),
  };
  if (lines === undefined) {
    const outline = told === undefined ? undefined : parseToldJob(told, entry, status);
    return [outline === undefined ? entry : { ...entry, outline }];
  }
  return parseLines(lines, project, status)?.map((outline) => ({
    ...entry,
    id: outline.request.id,
    outline,
  }));
}
