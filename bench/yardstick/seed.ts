import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { completionRequest, type SeedOptions } from '../contender.ts';
import { PRIORITY_BY_NAME, QUEUE_NAME, recordKey } from './settings.ts';

const AT_ONCE = 1000;

/** Jobs as `POST /v1/jobs` makes them, a thousand at a time. */
export async function seedYardstick(
  redisUrl: string,
  jobs: number,
  { requestBytes = 1000, priority = 'normal', model }: SeedOptions = {},
): Promise<void> {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue<null>(QUEUE_NAME, { connection: redis });
  const payload = JSON.stringify(completionRequest(requestBytes, model));
  for (let left = jobs; left > 0; left -= AT_ONCE) {
    const ids = Array.from({ length: Math.min(AT_ONCE, left) }, () => randomUUID());
    const pipeline = redis.pipeline();
    for (const id of ids) {
      const created_at = new Date().toISOString();
      pipeline.hset(recordKey(id), { status: 'queued', payload, created_at });
    }
    await pipeline.exec();
    await queue.addBulk(
      ids.map((jobId) => ({
        name: 'job',
        data: null,
        opts: { jobId, priority: PRIORITY_BY_NAME[priority] },
      })),
    );
  }
  await queue.close();
  redis.disconnect();
}
