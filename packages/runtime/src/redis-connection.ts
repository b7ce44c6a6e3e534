import { Redis as SingleRedis } from 'ioredis';
import type { ClusterOptions, RedisOptions } from 'ioredis';
import { ClusterRedis } from './cluster-redis.ts';
import { followPromotions } from './follow-promotions.ts';
import { gatherWrites } from './gather-writes.ts';
import { limitWaits } from './limit-waits.ts';
import type { Logger } from './logger.ts';
import { parseRedisLocation } from './redis-location.ts';
import type { ClusterLocation, ServerLocation } from './redis-location.ts';
import type { Redis, Subscriber } from './redis.ts';
import { reportOutages } from './report-outages.ts';

const MOST_LISTENERS = 50;
const CONNECT_TIMEOUT_MS = 2000;

/**
 * A server that leaves an answer out for so long is gone, though its connection was never closed: the
 * system would write to it for a quarter of an hour. The longest that an answer takes by intent are the
 * ten seconds for which BullMQ lets a worker's question for a next turn stand. ioredis counts only
 * while an answer is awaited, so who just listens is not cut off; there its `keepAlive` asks the system
 * of the other side to answer.
 */
const LONGEST_SILENCE_MS = 20_000;

/**
 * `request`: a caller is waiting, so fail within a second when Redis is away.
 * `patient`: background work that holds its place and goes on when Redis is back.
 */
export type ConnectionPatience = 'request' | 'patient';

/** A command of a request is answered within this, or up to 100 ms more, or fails. */
const REQUEST_WAIT_MS = 800;

const OPTIONS = {
  request: { maxRetriesPerRequest: 1, enableOfflineQueue: false },
  patient: { maxRetriesPerRequest: null },
} satisfies Record<ConnectionPatience, RedisOptions>;

/**
 * In a cluster a command whose server is gone is tried again, a tenth of a second later, on the one
 * that holds its slot then.
 */
const CLUSTER_OPTIONS = {
  request: { enableOfflineQueue: false, redisOptions: {} },
  patient: { maxRedirections: Infinity, redisOptions: { maxRetriesPerRequest: null } },
} satisfies Record<ConnectionPatience, ClusterOptions>;
/** A replica that was promoted is found by an error or, where nobody writes, within this. */
const SLOTS_REFRESH_INTERVAL_MS = 5000;
/** Two servers that do not agree yet who holds a slot must not be asked as fast as they answer. */
const MOVED_DELAY_MS = 10;

/** The next try comes at most two seconds after the last. */
function retryStrategy(times: number): number {
  return Math.min(100 * times, 2000);
}

/**
 * Opens a connection that reconnects for ever, at most two seconds apart, and logs one line
 * every ten seconds and process while it cannot. The caller closes it with `disconnect()`.
 * @param silenceMs a server that has not said anything for so long, though it was asked, is left; what
 *   is patient is then asked again
 */
export function openRedis(
  url: string,
  patience: ConnectionPatience,
  logger: Logger,
  silenceMs = LONGEST_SILENCE_MS,
): Redis {
  const location = parseRedisLocation(url);
  const redis =
    location.kind === 'cluster'
      ? openCluster(location, patience, silenceMs)
      : openServer(location, patience, silenceMs);
  // Each view of a process listens on its one connection for subscriptions, and there are more of
  // them than the ten that Node takes for a leak.
  redis.setMaxListeners(MOST_LISTENERS);
  reportOutages(redis, url, logger);
  return redis;
}

/**
 * Opens a patient connection for subscriptions, all of which a reconnect renews. In a cluster it is
 * to any one of the servers that the URL names, as each of them hears what is published on any, and
 * to the next when that one is gone.
 */
export function openSubscriber(
  url: string,
  logger: Logger,
  silenceMs = LONGEST_SILENCE_MS,
): Subscriber {
  const location = parseRedisLocation(url);
  const subscriber =
    location.kind === 'cluster'
      ? openAnyServer(location, silenceMs)
      : openServer(location, 'patient', silenceMs);
  subscriber.setMaxListeners(MOST_LISTENERS);
  reportOutages(subscriber, url, logger);
  return subscriber;
}

/**
 * Opens a connection for a single look: whoever is away is away. Nothing is logged; the caller
 * listens for `error` and closes it with `disconnect()`.
 */
export function openRedisOnce(url: string, timeoutMs: number): Redis {
  const location = parseRedisLocation(url);
  const timeouts = { connectTimeout: timeoutMs, commandTimeout: timeoutMs };
  if (location.kind === 'cluster') {
    return new ClusterRedis(location.nodes, {
      clusterRetryStrategy: giveUp,
      dnsLookup: connectByName,
      redisOptions: { ...location.access, ...timeouts },
    });
  }
  const options = { ...timeouts, maxRetriesPerRequest: 0, retryStrategy: giveUp };
  return location.kind === 'address'
    ? new SingleRedis(location.url, options)
    : new SingleRedis({
        ...location.options,
        ...options,
        sentinelRetryStrategy: giveUp,
        sentinelCommandTimeout: timeoutMs,
      });
}

function giveUp(): null {
  return null;
}

function openServer(
  location: ServerLocation,
  patience: ConnectionPatience,
  silenceMs: number,
): SingleRedis {
  const options = {
    ...OPTIONS[patience],
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: silenceMs,
    retryStrategy,
    // A master that became a replica: find the new one, and send the command there.
    reconnectOnError: ({ message }: Error): 2 | false =>
      message.startsWith('READONLY') ? 2 : false,
  };
  const redis =
    location.kind === 'address'
      ? new SingleRedis(location.url, options)
      : new SingleRedis({
          ...location.options,
          ...options,
          sentinelRetryStrategy: retryStrategy,
          // One that hangs would keep the others from being asked.
          sentinelCommandTimeout: CONNECT_TIMEOUT_MS,
        });
  if (location.kind === 'sentinels') followPromotions(redis, { ...location.options, ...options });
  prepareConnection(redis, patience);
  return redis;
}

function prepareConnection(redis: SingleRedis, patience: ConnectionPatience): void {
  gatherWrites(redis);
  if (patience === 'request') limitWaits(redis, REQUEST_WAIT_MS);
}

function openCluster(
  { nodes, access }: ClusterLocation,
  patience: ConnectionPatience,
  silenceMs: number,
): Redis {
  const { redisOptions, ...options } = CLUSTER_OPTIONS[patience];
  const cluster = new ClusterRedis(nodes, {
    ...options,
    clusterRetryStrategy: retryStrategy,
    slotsRefreshInterval: SLOTS_REFRESH_INTERVAL_MS,
    retryDelayOnMoved: MOVED_DELAY_MS,
    dnsLookup: connectByName,
    redisOptions: {
      ...access,
      ...redisOptions,
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: silenceMs,
    },
  });
  cluster.on('+node', (node: SingleRedis) => prepareConnection(node, patience));
  // By itself ioredis would let the first caller of each server wait for its connection.
  cluster.on('ready', () => {
    for (const master of cluster.nodes('master')) {
      if (master.status === 'wait') master.connect().catch(() => undefined);
    }
  });
  return cluster;
}

/** One server of a cluster after the other, until one lets us in. */
function openAnyServer({ nodes, access }: ClusterLocation, silenceMs: number): SingleRedis {
  let next = Math.floor(Math.random() * nodes.length);
  const takeNext = () => nodes[next++ % nodes.length] ?? nodes[0];
  const server = new SingleRedis({
    ...access,
    ...OPTIONS.patient,
    ...takeNext(),
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: silenceMs,
    retryStrategy: (times) => {
      // ioredis reads them at each try.
      Object.assign(server.options, takeNext());
      return times < nodes.length ? 0 : retryStrategy(times);
    },
  });
  gatherWrites(server);
  return server;
}

/** By itself ioredis looks all names up first, and one that leads nowhere would spoil the rest. */
const connectByName: ClusterOptions['dnsLookup'] = (host, found) => found(null, host);

/**
 * Subscribes on a patient connection; ioredis subscribes again by itself after each reconnect.
 * A connection that is closed before Redis ever answered gives up quietly: nobody listens then.
 */
export async function subscribePatiently(
  subscriber: Subscriber,
  ...channels: string[]
): Promise<void> {
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
