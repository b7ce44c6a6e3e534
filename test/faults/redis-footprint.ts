import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { expect } from 'vitest';

const LOOK_AGAIN_MS = 500;

/** What a broker has in Redis that stays there. */
export interface Footprint {
  /** The kinds of keys there are. */
  keys: string[];
  bytes: number;
}

/** @throws where a key that should go by itself has no end */
export async function footprint(client: Redis, keyPrefix: string): Promise<Footprint> {
  const all = (await client.keys(`${keyPrefix}:*`)).filter((key) => !isPassing(key));
  const sizes = await Promise.all(all.map((key) => client.memory('USAGE', key)));
  const bytes = sizes.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  const lives = await Promise.all(all.filter(goesByItself).map((key) => client.pttl(key)));
  expect(lives, 'a key without an end (-1)').not.toContain(-1);
  // Each of the 64 shards has the same keys, from its first job on.
  const names = all
    .filter((key) => !goesByItself(key))
    .map((key) => key.replace(/\{u\d\d\}/, '{u}'));
  return { keys: [...new Set(names)].toSorted(), bytes };
}

/** Counts of a minute or an hour, kept for a day or a week; the marks of a project's fair share. */
function goesByItself(key: string): boolean {
  return /statistics\}?:(minute|hour):\d+$|:shares:\d+:marks:/.test(key);
}

/** Locks, leases and markers come and go with every look; suspicions of a target with its moods. */
function isPassing(key: string): boolean {
  return /:(leader|stalled-check|lock|marker|stalled|limiter)$|:suspects:/.test(key);
}

export function toldFootprint({ keys, bytes }: Footprint): object {
  return { keys: keys.length, bytes };
}

/** Whether no job, event or list of jobs is left; looks, and waits a moment where one is. */
export async function noJobs(client: Redis, keyPrefix: string): Promise<true | undefined> {
  const isEmpty =
    (await hasNone(client, `${keyPrefix}:*:job:*`, async () => 1)) &&
    (await hasNone(client, `${keyPrefix}:*:due`, async () => 1)) &&
    (await hasNone(client, `${keyPrefix}:{p:*}:events`, (key) => client.xlen(key))) &&
    // Lists are trimmed later than the jobs they name.
    (await hasNone(client, `${keyPrefix}:{p:*}:jobs:*`, (key) => client.zcard(key)));
  if (isEmpty) return true;
  await sleep(LOOK_AGAIN_MS);
  return undefined;
}

async function hasNone(
  client: Redis,
  pattern: string,
  count: (key: string) => Promise<number>,
): Promise<boolean> {
  const counts = await Promise.all((await client.keys(pattern)).map(count));
  return counts.every((members) => members === 0);
}
