import type { Redis as SingleRedis } from 'ioredis';

/** Where the broker keeps everything. */
export type Redis = SingleRedis;
