import { changedAt, sortableEntryId } from '@understudy/job-store';
import type { JobOutline, OutboxEntry } from '@understudy/job-store';
import { loadScript, replyList, replyText } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { entryCounts } from './entry-counts.ts';
import type { Increment } from './entry-counts.ts';
import { BUCKETS, RESOLUTIONS, bucketStart } from './resolution.ts';
import type { Resolution } from './resolution.ts';
import { bucketKey, countedKey } from './statistics-keys.ts';
import type { Scope } from './statistics-keys.ts';

const addScript = loadScript(new URL('./scripts/add-counts.lua', import.meta.url));

/** No entry waits in an outbox for so long; a project in which nothing happens is forgotten. */
const COUNTED_KEPT_MS = 8 * 86_400_000;

/** Entries of one or more shards' outboxes, of each oldest first. */
export type OutboxEntries = ReadonlyMap<number, readonly OutboxEntry[]>;

interface Row {
  shard: number;
  id: string;
  entry: OutboxEntry;
  increments: readonly Increment[];
}

/**
 * Counts what outboxes tell, for each project and for all together. The entries of a shard must
 * come in the order of their ids; counting the same ones again changes nothing. One script for each
 * project of the page, and one more.
 */
export async function countOutbox(
  redis: Redis,
  prefix: string,
  entries: OutboxEntries,
  recordOf: (entry: OutboxEntry) => JobOutline | undefined,
): Promise<void> {
  const rows = [...entries].flatMap(([shard, ofShard]) =>
    ofShard.map((entry): Row => ({
      shard,
      id: sortableEntryId(entry),
      entry,
      increments: entryCounts(entry, recordOf(entry)),
    })),
  );
  if (rows.length === 0) return;
  const count = (scope: Scope, ofScope: readonly Row[]): Promise<void> =>
    addRows(redis, prefix, scope, ofScope);
  const byProject = Map.groupBy(rows, ({ entry }) => entry.project);
  await Promise.all([
    count('all_projects', rows),
    ...[...byProject].map(([project, ofProject]) => count({ project }, ofProject)),
  ]);
}

async function addRows(
  redis: Redis,
  prefix: string,
  scope: Scope,
  rows: readonly Row[],
): Promise<void> {
  let left = rows;
  while (left.length > 0) {
    const buckets = bucketsOf(prefix, scope, left);
    const met = replyList(
      await addScript.run(
        redis,
        [countedKey(prefix, scope), ...buckets.keys()],
        [
          COUNTED_KEPT_MS,
          JSON.stringify({
            shards: shardsOf(left),
            buckets: [...buckets.values()].map(({ keptUntil, counts }) => [
              keptUntil,
              ...[...counts].flat(),
            ]),
          }),
        ],
      ),
    );
    if (met.length === 0) return;
    // At least the first entry of a shard goes, so this ends.
    left = withoutCounted(left, met);
  }
}

function shardsOf(rows: readonly Row[]): [shard: string, first: string, last: string][] {
  return [...Map.groupBy(rows, ({ shard }) => shard)].map(([shard, ofShard]) => [
    String(shard),
    ofShard[0]?.id ?? '',
    ofShard.at(-1)?.id ?? '',
  ]);
}

/** @param met shards and the last entry of each that was counted, in turn */
function withoutCounted(rows: readonly Row[], met: readonly unknown[]): Row[] {
  const counted = new Map<number, string>();
  for (let index = 0; index < met.length; index += 2) {
    counted.set(Number(replyText(met[index])), replyText(met[index + 1]));
  }
  return rows.filter(({ shard, id }) => id > (counted.get(shard) ?? ''));
}

interface GrowingBucket {
  keptUntil: number;
  counts: Map<string, number>;
}

/** What the rows add to each bucket, by its key. */
function bucketsOf(prefix: string, scope: Scope, rows: readonly Row[]): Map<string, GrowingBucket> {
  const buckets = new Map<string, GrowingBucket>();
  const bucketAt = (resolution: Resolution, instant: number): GrowingBucket => {
    const start = bucketStart(resolution, instant);
    const key = bucketKey(prefix, scope, resolution, start);
    const known = buckets.get(key);
    if (known !== undefined) return known;
    const made = { keptUntil: start + BUCKETS[resolution].keptMs, counts: new Map() };
    buckets.set(key, made);
    return made;
  };
  for (const { entry, increments } of rows) {
    for (const resolution of increments.length === 0 ? [] : RESOLUTIONS) {
      const { counts } = bucketAt(resolution, changedAt(entry));
      for (const [field, by] of increments) counts.set(field, (counts.get(field) ?? 0) + by);
    }
  }
  return buckets;
}
