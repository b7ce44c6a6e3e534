import { SCHEMA_VERSION, parseQueueEntryId, queueEntryId } from '@understudy/contracts';
import type { Priority, QueueEntry } from '@understudy/contracts';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { ordersOfPriority } from './order-number.ts';
import { queueName, queuePrefix } from './queue-name.ts';

/** Entries that BullMQ keeps in the event stream of a queue; nothing of ours reads it. */
const KEPT_EVENTS = 1000;

export interface QueueProducer {
  /**
   * Adds a turn to a provider's queue. Adding the same turn again while it waits or runs changes
   * nothing. One round trip, atomic.
   */
  add(provider: string, entry: Omit<QueueEntry, 'v'>, order: number): Promise<void>;
  /** Whether a turn waits or runs. */
  has(provider: string, entry: Omit<QueueEntry, 'v'>): Promise<boolean>;
  /** Takes a turn out again if it has not been fetched; a fetched one finds itself stale. */
  remove(provider: string, entry: Omit<QueueEntry, 'v'>): Promise<void>;
  /** Turns that workers hold now. */
  active(provider: string): Promise<QueueEntry[]>;
  /** The first turns that wait at a priority, oldest first; at most `count`; one round trip. */
  first(provider: string, priority: Priority, count: number): Promise<WaitingTurn[]>;
  /** Moves a turn to another number; nothing happens to one that has been fetched. */
  reorder(provider: string, entry: Omit<QueueEntry, 'v'>, order: number): Promise<void>;
  counts(provider: string): Promise<{ waiting: number; active: number }>;
  close(): Promise<void>;
}

/** A turn as it stands in a queue. */
export interface WaitingTurn {
  entry: Omit<QueueEntry, 'v'>;
  order: number;
}

/** BullMQ scores a waiting job by its priority number, then by a counter of 32 bits. */
const SCORES_PER_ORDER = 2 ** 32;

/** All queues share the one connection that is handed in; the caller closes it. */
export function createQueueProducer(redis: Redis, keyPrefix: string): QueueProducer {
  const queues = new Map<string, Queue<QueueEntry>>();
  const queueOf = (provider: string): Queue<QueueEntry> => {
    const known = queues.get(provider);
    if (known !== undefined) return known;
    const queue = new Queue<QueueEntry>(queueName(provider), {
      connection: redis,
      prefix: queuePrefix(keyPrefix),
      streams: { events: { maxLen: KEPT_EVENTS } },
    });
    // The connection reports its own errors; without a listener BullMQ would throw them.
    queue.on('error', () => undefined);
    queues.set(provider, queue);
    return queue;
  };

  return {
    add: async (provider, { project, id, turn }, order) => {
      await queueOf(provider).add(
        'turn',
        { v: SCHEMA_VERSION, project, id, turn },
        { jobId: queueEntryId({ project, id, turn }), priority: order },
      );
    },
    has: async (provider, entry) =>
      (await queueOf(provider).getJob(queueEntryId(entry))) !== undefined,
    remove: async (provider, entry) => {
      await queueOf(provider).remove(queueEntryId(entry));
    },
    active: async (provider) => {
      const jobs = await queueOf(provider).getActive();
      return jobs.map((job) => job.data);
    },
    first: async (provider, priority, count) => {
      const { first, last } = ordersOfPriority(priority);
      const reply = await redis.zrangebyscore(
        `${queuePrefix(keyPrefix)}:${queueName(provider)}:prioritized`,
        first * SCORES_PER_ORDER,
        `(${(last + 1) * SCORES_PER_ORDER}`,
        'WITHSCORES',
        'LIMIT',
        0,
        count,
      );
      return Array.from({ length: reply.length / 2 }, (_, index) => ({
        entry: parseQueueEntryId(reply[2 * index] ?? ''),
        order: Math.floor(Number(reply[2 * index + 1]) / SCORES_PER_ORDER),
      }));
    },
    reorder: async (provider, entry, order) => {
      const job = await queueOf(provider).getJob(queueEntryId(entry));
      await job?.changePriority({ priority: order });
    },
    counts: async (provider) => {
      const {
        prioritized = 0,
        waiting = 0,
        active = 0,
      } = await queueOf(provider).getJobCounts('prioritized', 'waiting', 'active');
      return { waiting: prioritized + waiting, active };
    },
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
