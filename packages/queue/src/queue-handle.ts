import type { Redis } from '@understudy/runtime';
import { Queue } from 'bullmq';
import type { QueueOptions } from 'bullmq';

/**
 * One of BullMQ's queues, without a worker. It asks nothing of Redis before it is used: BullMQ would
 * wait for the connection and ask for the version of Redis, and where that one answer does not
 * come in time such a queue fails for as long as it lives.
 */
export function openQueueHandle<Data = unknown>(
  name: string,
  options: Omit<QueueOptions, 'connection'> & { connection: Redis },
): Queue<Data> {
  const queue = new Queue<Data>(name, {
    ...options,
    skipVersionCheck: true,
    skipWaitingForReady: true,
  });
  // The connection reports its own errors; without a listener BullMQ would throw them.
  queue.on('error', () => undefined);
  return queue;
}
