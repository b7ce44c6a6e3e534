import { durabilityRefusal, readRedisDurability, withoutPassword } from '@understudy/runtime';
import { Redis } from 'ioredis';
import { StartError } from './start-error.ts';

const ANSWER_TIMEOUT_MS = 2000;

/**
 * Says once, before anything is started, what every service would say of a Redis that loses jobs.
 * One that does not answer is no reason not to start: the services wait for it.
 * @throws StartError for a Redis that cannot keep what it accepts
 */
export async function checkForeignRedis(url: string, say: (line: string) => void): Promise<void> {
  const redis = new Redis(url, {
    connectTimeout: ANSWER_TIMEOUT_MS,
    commandTimeout: ANSWER_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    const durability = await readRedisDurability(redis);
    if (durability.problems.length > 0) throw new StartError(durabilityRefusal(durability));
  } catch (error) {
    if (error instanceof StartError) throw error;
    say(`The Redis at ${withoutPassword(url)} does not answer yet; the services wait for it.`);
  } finally {
    redis.disconnect();
  }
}
