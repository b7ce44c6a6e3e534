import { SCHEMA_VERSION, jobStatusSchema } from '@understudy/contracts';
import type { JobEvent } from '@understudy/contracts';
import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { parseTally } from './attempt-tally.ts';
import type { AttemptTally } from './attempt-tally.ts';
import { outboxKey } from './job-keys.ts';
import { streamRowsSchema } from './stream-rows.ts';

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
}

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
 * What each change of a record left in its shard's stream, in order, until it was relayed. Of a shard
 * only as far as it can be read: at a status that only a newer release knows it ends.
 */
export async function readOutbox(
  redis: Redis,
  prefix: string,
  shards: readonly number[],
  limit: number,
): Promise<Map<number, OutboxEntry[]>> {
  const pipeline = redis.pipeline();
  for (const shard of shards) {
    pipeline.xrange(outboxKey(prefix, shard), '-', '+', 'COUNT', limit);
  }
  const replies = await repliesOf(pipeline.exec());
  const entries = new Map<number, OutboxEntry[]>();
  for (const [index, shard] of shards.entries()) {
    const rows = streamRowsSchema.parse(replies[index]);
    const parsed = rows.map(parseEntry);
    const end = parsed.indexOf(undefined);
    const readable = (end === -1 ? parsed : parsed.slice(0, end)).filter(
      (row) => row !== undefined,
    );
    if (readable.length > 0) entries.set(shard, readable);
  }
  return entries;
}

/** Forgets entries up to and including `lastEntryId`; they have been relayed. */
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

function parseEntry([entryId, fields]: [string, string[]]): OutboxEntry | undefined {
  const named = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    named.set(fields[index]!, fields[index + 1]!);
  }
  // An entry of an older version lacks what was not told then.
  const text = (name: string): string => named.get(name) ?? '';
  const status = jobStatusSchema.safeParse(text('s')).data;
  if (status === undefined) return undefined;
  const [failed, key, spent] = [text('f'), text('k'), text('c')];
  return {
    v: SCHEMA_VERSION,
    entryId,
    project: text('p'),
    id: text('j'),
    version: Number(text('v')),
    status,
    failedAttempts: failed === '' ? [] : failed.split(',').map(Number),
    tally: parseTally(text('a')),
    ...(key === '' ? {} : { key }),
    ...(spent === '' ? {} : { spent: Number(spent) }),
  };
}
