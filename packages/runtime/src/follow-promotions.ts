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

  const leaveFor = (master: Place): void => {
    if (!isConnectedTo(redis.stream, master)) redis.disconnect(true);
  };
  const onPromotion = (master: Place): void => {
    if (redis.status === 'connect' || redis.status === 'ready') leaveFor(master);
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
    if (master !== undefined) leaveFor(master);
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

/** Not where the master is told by a host name: then it is connected to once more. */
function isConnectedTo({ remoteAddress, remotePort }: Socket, { host, port }: Place): boolean {
  return remoteAddress === host && remotePort === port;
}
