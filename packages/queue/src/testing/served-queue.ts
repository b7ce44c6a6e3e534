import type { QueueEntry } from '@understudy/contracts';
import type { Redis } from '@understudy/runtime';
import { createLogger } from '@understudy/runtime';
import { onTestFinished } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../../test/support/redis.ts';
import { startQueueConsumer } from '../queue-consumer.ts';
import type { QueueConsumer, TurnService } from '../queue-consumer.ts';
import { createQueueProducer } from '../queue-producer.ts';
import type { QueueProducer } from '../queue-producer.ts';

export interface ServedQueue {
  redis: Redis;
  prefix: string;
  producer: QueueProducer;
  add(id: string, order: number, turn?: number): Promise<void>;
  /** Serves provider `a`; stops when the test ends. */
  serve(
    handle: (entry: QueueEntry) => Promise<TurnService | void> | TurnService | void,
    limits?: { concurrency?: number; requestsPerMinute?: number },
  ): Promise<QueueConsumer>;
}

/** The queue of provider `a`, under keys of its own. */
export function openQueue(): ServedQueue {
  const redis = openTestRedis();
  const prefix = uniqueKeyPrefix();
  const producer = createQueueProducer(redis, prefix);
  onTestFinished(() => producer.close());
  return {
    redis,
    prefix,
    producer,
    add: (id, order, turn = 1) => producer.add('a', { project: 'acme', id, turn }, order),
    serve: async (handle, { concurrency = 1, requestsPerMinute } = {}) => {
      const consumer = await startQueueConsumer(
        openTestRedis(),
        {
          provider: 'a',
          keyPrefix: prefix,
          concurrency,
          ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
          logger: createLogger('test', 'silent'),
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
