import type { Settings } from '@understudy/configuration';
import {
  durabilityRefusal,
  parseRedisLocation,
  readRedisDurability,
  withoutPassword,
} from '@understudy/runtime';
import { Redis } from 'ioredis';
import { StartError } from './start-error.ts';

const ANSWER_TIMEOUT_MS = 2000;

/**
 * Says once, before anything is started, what every service would say of a Redis that does not let
 * them in or, with `checked`, loses jobs. One that does not answer is no reason not to start: the
 * services wait for it.
 * @throws StartError for a URL that leads nowhere, a wrong password, or a Redis that cannot keep
 *   what it accepts
 */
export async function checkForeignRedis(
  url: string,
  durability: Settings['redis']['durability'],
  say: (line: string) => void,
): Promise<void> {
  const redis = connect(url);
  redis.on('error', () => undefined);
  try {
    await redis.ping();
    if (durability === 'assumed') return;
    const found = await readRedisDurability(redis);
    if (found.problems.length > 0) throw new StartError(durabilityRefusal(found));
  } catch (error) {
    if (error instanceof StartError) throw error;
    const [refused] =
      /^(?:NOAUTH|WRONGPASS)/.exec(error instanceof Error ? error.message : '') ?? [];
    if (refused !== undefined) {
      throw new StartError(
        `the Redis at ${withoutPassword(url)} wants another password (${refused}); write it into REDIS_URL as redis://:<password>@<host>:<port>, with @, / and : in it as %40, %2F and %3A.`,
      );
    }
    say(`The Redis at ${withoutPassword(url)} does not answer yet; the services wait for it.`);
  } finally {
    redis.disconnect();
  }
}

/** One try: whoever is away is away. */
function connect(url: string): Redis {
  const options = {
    connectTimeout: ANSWER_TIMEOUT_MS,
    commandTimeout: ANSWER_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  };
  const location = readLocation(url);
  return location.kind === 'address'
    ? new Redis(location.url, options)
    : new Redis({ ...location.options, ...options, sentinelRetryStrategy: () => null });
}

function readLocation(url: string): ReturnType<typeof parseRedisLocation> {
  try {
    return parseRedisLocation(url);
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}
