import { PRIORITIES } from '@understudy/contracts';
import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { z } from 'zod';
import { scoresOfPriority } from './priority-numbers.ts';
import { queueKey, waitingEntriesKey } from './queue-name.ts';

/** Projects take turns, each with its oldest first: so many first ones hold the oldest of several. */
const LOOKED_AT = 8;

const idsSchema = z.array(z.string());

/**
 * When the oldest of those that stand first at each priority of a queue entered it, in milliseconds
 * since the epoch; undefined where none waits. Two round trips, however long the queue is.
 */
export async function oldestEntryAt(
  redis: Redis,
  keyPrefix: string,
  provider: string,
): Promise<number | undefined> {
  const lines = redis.pipeline();
  for (const priority of PRIORITIES) {
    const { first, end } = scoresOfPriority(priority);
    const key = waitingEntriesKey(keyPrefix, provider);
    lines.zrangebyscore(key, first, `(${end}`, 'LIMIT', 0, LOOKED_AT);
  }
  const ids = (await repliesOf(lines.exec())).flatMap((reply) => idsSchema.parse(reply));
  if (ids.length === 0) return undefined;
  const entries = redis.pipeline();
  // BullMQ notes on each entry when it was added.
  for (const id of ids) {
    entries.hget(queueKey(keyPrefix, provider, id), 'timestamp');
  }
  const times = (await repliesOf(entries.exec())).map(Number).filter((time) => time > 0);
  return times.length === 0 ? undefined : Math.min(...times);
}
