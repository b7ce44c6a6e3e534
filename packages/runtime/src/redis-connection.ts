import { Redis } from 'ioredis';
import { gatherWrites } from './gather-writes.ts';
import type { Logger } from './logger.ts';
import { parseRedisLocation } from './redis-location.ts';

const REPORT_INTERVAL_MS = 10_000;
const MOST_LISTENERS = 50;

/**
 * `request`: a caller is waiting, so fail within a second when Redis is away.
 * `patient`: background work that holds its place and goes on when Redis is back.
 */
export type ConnectionPatience = 'request' | 'patient';

const OPTIONS = {
  request: { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 800 },
  patient: { maxRetriesPerRequest: null },
} satisfies Record<ConnectionPatience, object>;

/** The next try comes at most two seconds after the last. */
function retryStrategy(times: number): number {
  return Math.min(100 * times, 2000);
}

/** All connections of a process meet the same outage, and report it once. */
const outages = new WeakMap<Logger, { reportedAt: number }>();

function outageOf(logger: Logger): { reportedAt: number } {
  const known = outages.get(logger) ?? { reportedAt: -Infinity };
  outages.set(logger, known);
  return known;
}

/**
 * Opens a connection that reconnects for ever, at most two seconds apart, and logs one line
 * every ten seconds and process while it cannot. The caller closes it with `disconnect()`.
 */
export function openRedis(url: string, patience: ConnectionPatience, logger: Logger): Redis {
  const options = {
    ...OPTIONS[patience],
    connectTimeout: 2000,
    retryStrategy,
    // A master that became a replica: find the new one, and send the command there.
    reconnectOnError: ({ message }: Error): 2 | false =>
      message.startsWith('READONLY') ? 2 : false,
  };
  const location = parseRedisLocation(url);
  const redis =
    location.kind === 'address'
      ? new Redis(location.url, options)
      : new Redis({ ...location.options, ...options, sentinelRetryStrategy: retryStrategy });
  gatherWrites(redis);
  // Each view of a process listens on its one connection for subscriptions, and there are more of
  // them than the ten that Node takes for a leak.
  redis.setMaxListeners(MOST_LISTENERS);
  const outage = outageOf(logger);
  redis.on('error', (error: Error) => {
    const now = performance.now();
    if (now - outage.reportedAt < REPORT_INTERVAL_MS) return;
    outage.reportedAt = now;
    logger.warn({ redis: withoutPassword(url), reason: error.message }, 'Redis does not answer');
  });
  redis.on('ready', () => {
    if (outage.reportedAt === -Infinity) return;
    outage.reportedAt = -Infinity;
    logger.info({ redis: withoutPassword(url) }, 'Redis answers again');
  });
  return redis;
}

export function withoutPassword(url: string): string {
  // Not by URL: a list of sentinels is none.
  if (!/^rediss?(?:\+sentinel)?:\/\//.test(url)) return 'an invalid URL';
  return url.replace(/\/\/([^:@/]*):[^@/]*@/, '//$1:***@');
}

/**
 * Subscribes on a patient connection; ioredis subscribes again by itself after each reconnect.
 * A connection that is closed before Redis ever answered gives up quietly: nobody listens then.
 */
export async function subscribePatiently(subscriber: Redis, ...channels: string[]): Promise<void> {
  try {
    await subscriber.subscribe(...channels);
  } catch (error) {
    if (subscriber.status !== 'end') throw error;
  }
}

/**
 * Waits for the end of work that needs Redis, but not while Redis is away: a command that waits for
 * its return would keep a service from stopping.
 */
export async function endedUnlessAway(redis: Redis, work: Promise<unknown>): Promise<void> {
  if (redis.status === 'ready') await work;
  else work.catch(() => undefined);
}
