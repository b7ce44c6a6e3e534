import { SCHEMA_VERSION, jobStatusSchema } from '@understudy/contracts';
import type { JobEvent } from '@understudy/contracts';
import { repliesOf } from '@understudy/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { outboxKey } from './job-keys.ts';

/** Id and flat fields of each entry, as XRANGE gives them. */
const streamRowsSchema = z.array(z.tuple([z.string(), z.array(z.string())]));

export interface OutboxEntry extends JobEvent {
  entryId: string;
}

/** What each change of a record left in its shard's stream, in order, until it was relayed. */
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
    if (rows.length > 0) entries.set(shard, rows.map(parseEntry));
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

function parseEntry([entryId, fields]: [string, string[]]): OutboxEntry {
  const [, project = '', , id = '', , version, , status] = fields;
  return {
    v: SCHEMA_VERSION,
    entryId,
    project,
    id,
    version: Number(version),
    status: jobStatusSchema.parse(status),
  };
}
