import { parseQueueEntryId, queueEntryId } from '@understudy/contracts';
import type { Priority, QueueEntry } from '@understudy/contracts';
import type { Queue } from 'bullmq';
import { gatherCalls, loadScript, repliesOf, replyList, replyText } from '@understudy/runtime';
import type { Redis, Several } from '@understudy/runtime';
import { createFairNumbers } from './fair-numbers.ts';
import type { FairNumbers, PlaceInLine } from './fair-numbers.ts';
import { openQueueHandle } from './queue-handle.ts';
import { scoresOfPriority } from './priority-numbers.ts';
import { queueKey, queueName, queuePrefix, waitingEntriesKey } from './queue-name.ts';

const readWaiting = loadScript(new URL('./scripts/read-waiting.lua', import.meta.url));

export interface QueueProducer {
  /** Puts a turn into a provider's queue, see `FairNumbers`. */
  enter: FairNumbers['enter'];
  /** Whether a turn waits or runs. */
  has(provider: string, entry: Omit<QueueEntry, 'v'>): Promise<boolean>;
  /** Takes a turn out again if it has not been fetched; a fetched one finds itself stale. */
  remove(provider: string, entry: Omit<QueueEntry, 'v'>): Promise<void>;
  /** Turns that workers hold now. */
  active(provider: string): Promise<QueueEntry[]>;
  /**
   * Turns that were fetched and have not ended: workers hold them, or died with them. Those that BullMQ
   * has taken back from a dead worker, and nobody has fetched again, are among them.
   */
  fetched(provider: string): Promise<Omit<QueueEntry, 'v'>[]>;
  /** Whether a worker holds a turn: a dead one does so until its lock runs out. */
  isHeld(provider: string, entry: Omit<QueueEntry, 'v'>): Promise<boolean>;
  /**
   * The first turns that wait at a priority, in the order of service; at most `count`. One round trip,
   * atomic; those far behind cost no more than the first.
   * @param after so many of them are passed over
   */
  first(
    provider: string,
    priority: Priority,
    count: number,
    after?: number,
  ): Promise<Omit<QueueEntry, 'v'>[]>;
  /** Gives a turn a place at another priority; nothing happens to one that has been fetched. */
  rise(provider: string, entry: Omit<QueueEntry, 'v'>, place: PlaceInLine): Promise<void>;
  /** See `FairNumbers`; must be called now and then. */
  renumber(provider: string): Promise<number>;
  counts(provider: string): Promise<QueueCounts>;
  close(): Promise<void>;
}

/** Turns of a provider's queue. */
export interface QueueCounts {
  waiting: number;
  /** Workers hold them. */
  active: number;
  /**
   * Given back by a worker that could not see to them, and not due again yet: for one of a newer
   * release, or one with the key. For a moment also those that a worker met before their record
   * was written, as happens while jobs are submitted and handed over: a few of them mean nothing.
   */
  resting: number;
}

/** A turn at a provider. */
interface Turn {
  provider: string;
  entry: Omit<QueueEntry, 'v'>;
}

/** All queues share the one connection that is handed in; the caller closes it. */
export function createQueueProducer(redis: Redis, keyPrefix: string): QueueProducer {
  const numbers = createFairNumbers(redis, keyPrefix);
  const queues = new Map<string, Queue<QueueEntry>>();
  const queueOf = (provider: string): Queue<QueueEntry> => {
    const known = queues.get(provider);
    if (known !== undefined) return known;
    const queue = openQueueHandle<QueueEntry>(queueName(provider), {
      connection: redis,
      prefix: queuePrefix(keyPrefix),
      skipMetasUpdate: true,
    });
    queues.set(provider, queue);
    return queue;
  };

  const has = gatherCalls(
    ({ provider }) => provider,
    async (some: Several<Turn>) => {
      const queue = queueOf(some[0].provider);
      const keys = some.map(({ entry }) => queue.toKey(queueEntryId(entry)));
      // It counts them, and hardly ever is one missing.
      if ((await redis.exists(keys)) === keys.length) return some.map(() => true);
      const pipeline = redis.pipeline();
      for (const key of keys) pipeline.exists(key);
      return (await repliesOf(pipeline.exec())).map((found) => found === 1);
    },
  );

  return {
    enter: numbers.enter,
    renumber: numbers.renumber,
    has: (provider, entry) => has({ provider, entry }),
    remove: async (provider, entry) => {
      await queueOf(provider).remove(queueEntryId(entry));
    },
    active: async (provider) => {
      const jobs = await queueOf(provider).getActive();
      return jobs.map((job) => job.data);
    },
    fetched: async (provider) => {
      const ids = await Promise.all(
        ['active', 'wait'].map((name) => redis.lrange(queueKey(keyPrefix, provider, name), 0, -1)),
      );
      return ids.flat().map(parseQueueEntryId);
    },
    isHeld: async (provider, entry) =>
      (await redis.exists(queueKey(keyPrefix, provider, `${queueEntryId(entry)}:lock`))) === 1,
    first: async (provider, priority, count, after = 0) => {
      const { first, end } = scoresOfPriority(priority);
      const keys = [waitingEntriesKey(keyPrefix, provider)];
      const ids = replyList(await readWaiting.run(redis, keys, [first, end, after, count]));
      return ids.map((id) => parseQueueEntryId(replyText(id)));
    },
    rise: async (provider, entry, place) => {
      const job = await queueOf(provider).getJob(queueEntryId(entry));
      if (job === undefined) return;
      await job.changePriority({ priority: await numbers.take(provider, place) });
    },
    counts: async (provider) => {
      const {
        prioritized = 0,
        waiting = 0,
        active = 0,
        delayed: resting = 0,
      } = await queueOf(provider).getJobCounts('prioritized', 'waiting', 'active', 'delayed');
      return { waiting: prioritized + waiting, active, resting };
    },
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
