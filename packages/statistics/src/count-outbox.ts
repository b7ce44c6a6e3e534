import { changedAt, sortableEntryId } from '@understudy/job-store';
import type { JobOutline, OutboxEntries, OutboxEntry } from '@understudy/job-store';
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

/** One entry, and what it counts as. */
interface Row {
  shard: number;
  entry: OutboxEntry;
  increments: readonly Increment[];
}

/** How much each field of some buckets grows, by the beginning of the bucket. */
type Counts = Map<number, Map<string, number>>;

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
  const rows: Row[] = [];
  for (const [shard, ofShard] of entries) {
    for (const entry of ofShard) {
      rows.push({ shard, entry, increments: entryCounts(entry, recordOf(entry)) });
    }
  }
  if (rows.length === 0) return;
  const all: Counts = new Map();
  const counting: Promise<void>[] = [];
  for (const [project, ofProject] of Map.groupBy(rows, ({ entry }) => entry.project)) {
    const minutes = minutesOf(ofProject);
    addCounts(all, minutes);
    counting.push(addRows(redis, prefix, { project }, ofProject, minutes));
  }
  counting.push(addRows(redis, prefix, 'all_projects', rows, all));
  await Promise.all(counting);
}

/** @param minutes what the rows count together */
async function addRows(
  redis: Redis,
  prefix: string,
  scope: Scope,
  rows: readonly Row[],
  minutes: Counts,
): Promise<void> {
  const buckets = RESOLUTIONS.flatMap((resolution) =>
    bucketsOf(prefix, scope, resolution, minutes),
  );
  const met = replyList(
    await addScript.run(
      redis,
      [countedKey(prefix, scope), ...buckets.map(({ key }) => key)],
      [
        COUNTED_KEPT_MS,
        JSON.stringify({
          shards: shardsOf(rows),
          buckets: buckets.map(({ keptUntil, counts }) => [keptUntil, ...[...counts].flat()]),
        }),
      ],
    ),
  );
  if (met.length === 0) return;
  // At least the first entry of a shard goes, so this ends.
  const left = withoutCounted(rows, met);
  if (left.length > 0) await addRows(redis, prefix, scope, left, minutesOf(left));
}

function shardsOf(rows: readonly Row[]): [shard: string, first: string, last: string][] {
  const ends = new Map<number, { first: OutboxEntry; last: OutboxEntry }>();
  for (const { shard, entry } of rows) {
    const known = ends.get(shard);
    if (known === undefined) ends.set(shard, { first: entry, last: entry });
    else known.last = entry;
  }
  return [...ends].map(([shard, { first, last }]) => [
    String(shard),
    sortableEntryId(first),
    sortableEntryId(last),
  ]);
}

/** @param met shards and the last entry of each that was counted, in turn */
function withoutCounted(rows: readonly Row[], met: readonly unknown[]): Row[] {
  const counted = new Map<number, string>();
  for (let index = 0; index < met.length; index += 2) {
    counted.set(Number(replyText(met[index])), replyText(met[index + 1]));
  }
  return rows.filter(({ shard, entry }) => sortableEntryId(entry) > (counted.get(shard) ?? ''));
}

/** What the rows add to each minute. */
function minutesOf(rows: readonly Row[]): Counts {
  const minutes: Counts = new Map();
  for (const { entry, increments } of rows) {
    if (increments.length === 0) continue;
    const counts = bucketAt(minutes, bucketStart('minute', changedAt(entry)));
    for (const [field, by] of increments) counts.set(field, (counts.get(field) ?? 0) + by);
  }
  return minutes;
}

function bucketAt(buckets: Counts, start: number): Map<string, number> {
  const known = buckets.get(start);
  if (known !== undefined) return known;
  const made = new Map<string, number>();
  buckets.set(start, made);
  return made;
}

/** Adds some buckets to others, each to the one that `startOf` names; to its own unless told. */
function addCounts(
  sums: Counts,
  added: Counts,
  startOf: (start: number) => number = (start) => start,
): void {
  for (const [start, counts] of added) {
    const sum = bucketAt(sums, startOf(start));
    for (const [field, by] of counts) sum.set(field, (sum.get(field) ?? 0) + by);
  }
}

/** A bucket as it is kept: whole minutes make an hour. */
interface KeptBucket {
  key: string;
  keptUntil: number;
  counts: ReadonlyMap<string, number>;
}

function bucketsOf(
  prefix: string,
  scope: Scope,
  resolution: Resolution,
  minutes: Counts,
): KeptBucket[] {
  const sums: Counts = new Map();
  addCounts(sums, minutes, (minute) => bucketStart(resolution, minute));
  return [...sums].map(([start, counts]) => ({
    key: bucketKey(prefix, scope, resolution, start),
    keptUntil: start + BUCKETS[resolution].keptMs,
    counts,
  }));
}
