import { SCHEMA_VERSION, queueEntryId } from '@understudy/contracts';
import type { QueueEntry } from '@understudy/contracts';
import type { Logger, Redis } from '@understudy/runtime';
import { createLogger } from '@understudy/runtime';
import { Queue } from 'bullmq';
import { onTestFinished } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../../test/support/redis.ts';
import { startQueueConsumer } from '../queue-consumer.ts';
import type { QueueConsumer, TurnService } from '../queue-consumer.ts';
import { queueName, queuePrefix } from '../queue-name.ts';
import { createQueueProducer } from '../queue-producer.ts';
import type { QueueProducer } from '../queue-producer.ts';

export interface ServedQueue {
  redis: Redis;
  prefix: string;
  producer: QueueProducer;
  /** Adds a turn by BullMQ's own hands, as the previous release does. */
  add(id: string, order: number, turn?: number, project?: string): Promise<void>;
  /** Serves provider `a`; stops when the test ends. */
  serve(
    handle: (entry: QueueEntry) => Promise<TurnService | void> | TurnService | void,
    options?: { concurrency?: number; requestsPerMinute?: number; logger?: Logger },
  ): Promise<QueueConsumer>;
}

/** The queue of provider `a`, under keys of its own. */
export function openQueue(): ServedQueue {
  const redis = openTestRedis();
  const prefix = uniqueKeyPrefix();
  const producer = createQueueProducer(redis, prefix);
  const queue = new Queue(queueName('a'), { connection: redis, prefix: queuePrefix(prefix) });
  onTestFinished(async () => {
    await Promise.all([producer.close(), queue.close()]);
  });
  return {
    redis,
    prefix,
    producer,
    add: async (id, priority, turn = 1, project = 'acme') => {
      const entry = { project, id, turn };
      await queue.add(
        'turn',
        { v: SCHEMA_VERSION, ...entry },
        { jobId: queueEntryId(entry), priority },
      );
    },
    serve: async (
      handle,
      { concurrency = 1, requestsPerMinute, logger = createLogger('test', 'silent') } = {},
    ) => {
      const consumer = await startQueueConsumer(
        openTestRedis(),
        {
          provider: 'a',
          keyPrefix: prefix,
          concurrency,
          ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
          logger,
        },
        async (entry) => (await handle(entry)) ?? 'served',
      );
      onTestFinished(() => consumer.close());
      return consumer;
    },
  };
}

/** Collects what is served, until there is as much as wanted. */
export function collect<Item>(wanted: number): {
  push(item: Item): void;
  /** So many so far. */
  count(): number;
  all: Promise<Item[]>;
} {
  const items: Item[] = [];
  const { promise, resolve } = Promise.withResolvers<Item[]>();
  return {
    push: (item) => {
      items.push(item);
      if (items.length === wanted) resolve(items);
    },
    count: () => items.length,
    all: promise,
  };
}
