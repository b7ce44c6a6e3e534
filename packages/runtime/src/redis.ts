import type { Cluster, Redis as SingleRedis } from 'ioredis';

/**
 * Where the broker keeps everything: one server (or the one its sentinels name), or a cluster.
 * What has keys finds its server by itself, in a pipeline each command for itself. What has none
 * (WAIT, TIME, INFO) is asked of `serverOf` or of all `mastersOf`.
 */
export type Redis = SingleRedis | Cluster;

/** A connection for subscriptions: to one server, in a cluster as well; see `openSubscriber`. */
export type Subscriber = SingleRedis;
