import { Cluster, Command } from 'ioredis';
import type { Redis as SingleRedis } from 'ioredis';
import type { Redis } from './redis.ts';

/**
 * The server that holds a key, over the connection on which its writes go: for what has no key and
 * is still about one, as WAIT.
 * @throws Error that counts as Redis being unavailable, where nobody holds it now
 */
export async function serverOf(redis: Redis, key: string): Promise<SingleRedis> {
  if (!(redis instanceof Cluster)) return redis;
  // Before the first connection there is nothing to choose from.
  if (redis.slots.length === 0) await redis.cluster('INFO');
  const address = redis.slots[new Command('exists', [key]).getSlot()]?.[0];
  const server = redis.nodes('master').find(({ options: { host, port } }) => {
    return `${host}:${port}` === address;
  });
  if (server === undefined) throw new Error(`No server of the Redis Cluster holds ${key} now`);
  return server;
}

/**
 * Every server that takes writes: the one, or the masters of a cluster.
 * @throws Error that counts as Redis being unavailable, where none of a cluster is known yet
 */
export function mastersOf(redis: Redis): SingleRedis[] {
  if (!(redis instanceof Cluster)) return [redis];
  const masters = redis.nodes('master');
  if (masters.length === 0) throw new Error('No server of the Redis Cluster is known now');
  return masters;
}

/** The one server, or all of a cluster, masters and replicas, as soon as it is whole. */
export async function serversOf(redis: Redis): Promise<SingleRedis[]> {
  if (!(redis instanceof Cluster)) return [redis];
  await pingRedis(redis);
  return redis.nodes('all');
}

/** @throws Error unless Redis answers; of a cluster, unless it serves all of its slots */
export async function pingRedis(redis: Redis): Promise<void> {
  if (!(redis instanceof Cluster)) {
    await redis.ping();
    return;
  }
  const state = await redis.cluster('INFO');
  if (!/^cluster_state:ok/m.test(state)) {
    throw new Error('CLUSTERDOWN: the Redis Cluster does not serve all of its slots');
  }
}
