import type { Queue } from 'bullmq';
import type { Redis } from '@understudy/runtime';
import { openQueueHandle } from './queue-handle.ts';
import { queueName, queuePrefix } from './queue-name.ts';
import { WEBHOOK_QUEUE, webhookQueueOptions } from './webhook-turns.ts';

/** BullMQ's own handles, for whoever shows queues as BullMQ sees them. */
export interface QueueViews {
  ofProvider(provider: string): Queue;
  /** The turns in which webhook endpoints are served. */
  ofWebhooks(): Queue;
  close(): Promise<void>;
}

/**
 * Opens each queue when it is first asked for, and writes nothing to it. All share the connection
 * that is handed in; the caller closes it.
 */
export function createQueueViews(redis: Redis, keyPrefix: string): QueueViews {
  const opened = new Map<string, Queue>();
  const open = (name: string, options: { connection: Redis; prefix: string }): Queue => {
    const place = `${options.prefix}:${name}`;
    const known = opened.get(place);
    if (known !== undefined) return known;
    const queue = openQueueHandle(name, { ...options, skipMetasUpdate: true });
    opened.set(place, queue);
    return queue;
  };
  return {
    ofProvider: (provider) =>
      open(queueName(provider), { connection: redis, prefix: queuePrefix(keyPrefix) }),
    ofWebhooks: () => open(WEBHOOK_QUEUE, webhookQueueOptions(redis, keyPrefix)),
    close: async () => {
      await Promise.all([...opened.values()].map((queue) => queue.close()));
    },
  };
}
