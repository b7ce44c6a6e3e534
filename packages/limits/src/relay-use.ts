import { NANOS_PER_USD, isTerminal, utcDay } from '@understudy/contracts';
import { admittedKey, changedAt, sortableEntryId, unfinishedKey } from '@understudy/job-store';
import type { OutboxEntries, OutboxEntry } from '@understudy/job-store';
import { loadScript, repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { admittedOfKey, settledKey, spendKey, waitingOfKey } from './limit-keys.ts';

const noteScript = loadScript(new URL('./scripts/note-jobs.lua', import.meta.url));
const settleScript = loadScript(new URL('./scripts/settle-spend.lua', import.meta.url));

/** A day is shown while it lasts; late news of its end still find it. */
const DAY_KEPT_MS = 3 * 86_400_000;

/**
 * Counts what outboxes tell of jobs: that those of a key wait or have ended, and what they cost.
 * Counting the same entries again changes nothing.
 * @param isListed whether the lists of the project have heard what became of this entry's job
 */
export async function relayUse(
  redis: Redis,
  prefix: string,
  entries: OutboxEntries,
  isListed: (entry: OutboxEntry) => boolean,
): Promise<void> {
  const rows: { shard: number; entry: OutboxEntry }[] = [];
  for (const [shard, ofShard] of entries) {
    for (const entry of ofShard) rows.push({ shard, entry });
  }
  for (const [project, ofProject] of Map.groupBy(rows, ({ entry }) => entry.project)) {
    const told = ofProject.map(({ entry }) => entry);
    const unheard = told.filter((entry) => isTerminal(entry.status) && !isListed(entry));
    await forgetEnded(redis, prefix, project, unheard);
    for (const [key = '', ofKey] of Map.groupBy(told, (entry) => entry.key)) {
      if (key !== '') await noteJobs(redis, prefix, project, key, ofKey);
    }
    const spent = ofProject.filter(({ entry }) => (entry.spent ?? 0) > 0);
    if (spent.length > 0) await settleSpend(redis, prefix, project, spent);
  }
}

/** Jobs whose records are no longer kept, of which the lists of the project hear nothing. */
async function forgetEnded(
  redis: Redis,
  prefix: string,
  project: string,
  ended: readonly OutboxEntry[],
): Promise<void> {
  if (ended.length === 0) return;
  const sets = [unfinishedKey(prefix, project), admittedKey(prefix, project)];
  const pipeline = redis.pipeline();
  for (const set of sets) pipeline.zrem(set, ...ended.map(({ id }) => id));
  await repliesOf(pipeline.exec());
}

async function noteJobs(
  redis: Redis,
  prefix: string,
  project: string,
  key: string,
  entries: readonly OutboxEntry[],
): Promise<void> {
  const counted = [admittedOfKey(prefix, project, key), waitingOfKey(prefix, project, key)];
  // Most keys have no limit of jobs: nothing of theirs is counted. A job takes its place before it is told of.
  if ((await redis.exists(...counted)) === 0) return;
  await noteScript.run(
    redis,
    counted,
    entries.flatMap(({ id, status }) => [id, isTerminal(status) ? 1 : 0]),
  );
}

async function settleSpend(
  redis: Redis,
  prefix: string,
  project: string,
  rows: readonly { shard: number; entry: OutboxEntry }[],
): Promise<void> {
  const days = [...new Set(rows.map(({ entry }) => utcDay(changedAt(entry))))];
  await settleScript.run(
    redis,
    [settledKey(prefix, project), ...days.map((day) => spendKey(prefix, project, day))],
    [
      DAY_KEPT_MS,
      ...rows.flatMap(({ shard, entry }) => [
        shard,
        sortableEntryId(entry),
        2 + days.indexOf(utcDay(changedAt(entry))),
        Math.round((entry.spent ?? 0) * NANOS_PER_USD),
        entry.key ?? '',
      ]),
    ],
  );
}
