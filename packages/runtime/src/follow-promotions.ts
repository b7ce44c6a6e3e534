import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { Redis as SingleRedis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import type { SentinelOptions } from './redis-location.ts';

/** Whose master it is, and how to reach them. */
type Sentinels = Pick<SentinelOptions, 'name' | 'sentinels'> &
  Pick<RedisOptions, 'connectTimeout' | 'retryStrategy'>;

/** The channel of a sentinel for `<name> <old host> <old port> <new host> <new port>`. */
const PROMOTIONS = '+switch-master';

/** Where a master is, in the words of a sentinel. */
interface Place {
  host: string;
  port: number;
}

/**
 * Lets a connection, and each that BullMQ makes from it, leave its master when a sentinel says that
 * another has taken the place: one that hangs, or whose machine is gone, closes no connection. The
 * option `failoverDetector` of ioredis is for the same, but ends for good a connection that is just
 * asking a sentinel, leaves at the failover of a master of any name, and prints each sentinel that
 * is away.
 */
export function followPromotions(redis: SingleRedis, sentinels: Sentinels): void {
  leaveWhenTold(redis, sentinels);
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (override) => {
    const copy = duplicate(override);
    leaveWhenTold(copy, sentinels);
    return copy;
  };
}

/** Listens to the sentinels from the first try to connect until the connection has ended. */
function leaveWhenTold(
  redis: Pick<SingleRedis, 'disconnect' | 'on' | 'status' | 'stream'>,
  sentinels: Sentinels,
): void {
  let listening: SingleRedis[] = [];
  let heardOnTheWay: Place | undefined;

  const isConnected = (): boolean => redis.status === 'connect' || redis.status === 'ready';
  const leaveFor = async (master: Place): Promise<void> => {
    const { stream } = redis;
    if (await leadsTo(stream, master)) return;
    // Looking up a name may have taken longer than it took to leave for another reason.
    if (redis.stream === stream && isConnected()) redis.disconnect(true);
  };
  const onPromotion = (master: Place): void => {
    if (isConnected()) void leaveFor(master);
    // It may be asking a sentinel, when it must not be disconnected, or have asked just before.
    else if (redis.status === 'connecting') heardOnTheWay = master;
  };
  redis.on('connecting', () => {
    if (listening.length > 0) return;
    listening = sentinels.sentinels.map((address) => listen(address, sentinels, onPromotion));
  });
  redis.on('connect', () => {
    const master = heardOnTheWay;
    heardOnTheWay = undefined;
    if (master !== undefined) void leaveFor(master);
  });
  redis.on('end', () => {
    for (const sentinel of listening.splice(0)) sentinel.disconnect();
  });
}

function listen(
  address: Place,
  { name, connectTimeout, retryStrategy }: Sentinels,
  onPromotion: (master: Place) => void,
): SingleRedis {
  const sentinel = new SingleRedis({
    ...address,
    connectTimeout,
    retryStrategy,
    maxRetriesPerRequest: null,
    enableReadyCheck: false,
  });
  // The others tell of a promotion as well.
  sentinel.on('error', () => undefined);
  sentinel.on('message', (_channel, message) => {
    const [promotedAs, , , host, port] = message.split(' ');
    if (promotedAs === name && host !== undefined) onPromotion({ host, port: Number(port) });
  });
  sentinel.subscribe(PROMOTIONS).catch(() => undefined);
  return sentinel;
}

/**
 * Whether a connection is to this place, which sentinels may tell by a host name. Where a name cannot be
 * looked up it is taken for another: connecting anew leads to the master in any case.
 */
async function leadsTo(
  { remoteAddress, remotePort }: Socket,
  { host, port }: Place,
): Promise<boolean> {
  if (remotePort !== port || remoteAddress === undefined) return false;
  if (isIP(host) !== 0) return host === remoteAddress;
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.some(({ address }) => address === remoteAddress);
}
