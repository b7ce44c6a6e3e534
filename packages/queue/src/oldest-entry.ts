import { PRIORITIES } from '@understudy/contracts';
import type { Priority } from '@understudy/contracts';
import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { z } from 'zod';
import { priorityOf, scoresOfPriority } from './priority-numbers.ts';
import { queueKey, waitingEntriesKey } from './queue-name.ts';

/** Projects take turns, each with its oldest first: so many first ones hold the oldest of several. */
const LOOKED_AT = 8;

const idsSchema = z.array(z.string());
const entrySchema = z.tuple([z.string().nullable(), z.string().nullable()]);
const optionsSchema = z.object({ priority: z.int() });

/** The oldest that entered a queue at a priority, of those that stand first in it. */
export interface OldestEntry {
  /** With which it came, though it may have risen since. */
  priority: Priority;
  /** When it entered the queue, in milliseconds since the epoch. */
  at: number;
}

/**
 * The oldest of those that stand first in a queue, one for each priority with which they came. Two
 * round trips, however long the queue is.
 */
export async function oldestEntries(
  redis: Redis,
  keyPrefix: string,
  provider: string,
): Promise<OldestEntry[]> {
  const lines = redis.pipeline();
  for (const priority of PRIORITIES) {
    const { first, end } = scoresOfPriority(priority);
    const key = waitingEntriesKey(keyPrefix, provider);
    lines.zrangebyscore(key, first, `(${end}`, 'LIMIT', 0, LOOKED_AT);
  }
  const ids = (await repliesOf(lines.exec())).flatMap((reply) => idsSchema.parse(reply));
  if (ids.length === 0) return [];
  const entries = redis.pipeline();
  // BullMQ notes on each entry when it was added, and as what; what it has risen to stands elsewhere.
  for (const id of ids) {
    entries.hmget(queueKey(keyPrefix, provider, id), 'timestamp', 'opts');
  }
  const oldest = new Map<Priority, number>();
  for (const reply of await repliesOf(entries.exec())) {
    const [timestamp, options] = entrySchema.parse(reply);
    // Taken by a worker just now.
    if (timestamp === null || options === null) continue;
    const priority = priorityOf(optionsSchema.parse(JSON.parse(options)).priority);
    oldest.set(priority, Math.min(Number(timestamp), oldest.get(priority) ?? Infinity));
  }
  return [...oldest].map(([priority, at]) => ({ priority, at }));
}

/** When the oldest of these entered its queue; undefined where there are none. */
export function oldestEntryAt(entries: readonly OldestEntry[]): number | undefined {
  return entries.length === 0 ? undefined : Math.min(...entries.map(({ at }) => at));
}
