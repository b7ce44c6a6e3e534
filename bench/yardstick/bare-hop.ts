import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

/** What a hop costs at the least: BullMQ alone, from `add` to the start of the processor. */
export interface BareHop {
  /** @returns milliseconds */
  hop(): Promise<number>;
  close(): Promise<void>;
}

export async function startBareHop(redisUrl: string): Promise<BareHop> {
  const adding = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const working = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue<null>('bare-hop', { connection: adding });
  let begun = Promise.withResolvers<number>();
  const begin = () => Promise.resolve(begun.resolve(performance.now()));
  const worker = new Worker<null>('bare-hop', begin, {
    connection: working,
    removeOnComplete: { count: 0 },
  });
  worker.on('error', (error) => console.error(error));
  await worker.waitUntilReady();
  return {
    hop: async () => {
      begun = Promise.withResolvers();
      const startedAt = performance.now();
      const [, begunAt] = await Promise.all([
        queue.add('job', null, { priority: 5 }),
        begun.promise,
      ]);
      return begunAt - startedAt;
    },
    close: async () => {
      await worker.close();
      await queue.close();
      adding.disconnect();
      working.disconnect();
    },
  };
}
