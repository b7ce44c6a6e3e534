import { SCHEMA_VERSION, queueEntryId } from '@understudy/contracts';
import type { QueueEntry } from '@understudy/contracts';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { queueName, queuePrefix } from './queue-name.ts';

/** Entries that BullMQ keeps in the event stream of a queue; nothing of ours reads it. */
const KEPT_EVENTS = 1000;

export interface QueueProducer {
  /**
   * Adds a turn to a provider's queue. Adding the same turn again while it waits or runs changes
   * nothing. One round trip, atomic.
   */
  add(provider: string, entry: Omit<QueueEntry, 'v'>, order: number): Promise<void>;
  /** Takes a turn out again if it has not been fetched; a fetched one finds itself stale. */
  remove(provider: string, entry: Omit<QueueEntry, 'v'>): Promise<void>;
  /** Turns that workers hold now. */
  active(provider: string): Promise<QueueEntry[]>;
  counts(provider: string): Promise<{ waiting: number; active: number }>;
  close(): Promise<void>;
}

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
    remove: async (provider, entry) => {
      await queueOf(provider).remove(queueEntryId(entry));
    },
    active: async (provider) => {
      const jobs = await queueOf(provider).getActive();
      return jobs.map((job) => job.data);
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
