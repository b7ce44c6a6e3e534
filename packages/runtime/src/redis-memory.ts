import { mastersOf } from './redis-servers.ts';
import type { Redis } from './redis.ts';

/** How full Redis is, as it says of itself. */
export interface RedisMemory {
  usedBytes: number;
  /** `maxmemory`, or the operator's budget if that is less; undefined where neither is set. */
  limitBytes: number | undefined;
}

/**
 * One round trip. Of a cluster, its fullest server: a write to it is refused however empty the
 * others are.
 * @param budgetBytes what the operator lets the broker use, on all servers together
 */
export async function readRedisMemory(
  redis: Redis,
  budgetBytes: number | undefined,
): Promise<RedisMemory> {
  const masters = mastersOf(redis);
  const budget = budgetBytes === undefined ? undefined : budgetBytes / masters.length;
  const infos = await Promise.all(masters.map((master) => master.info('memory')));
  return infos
    .map((info) => parseRedisMemory(info, budget))
    .reduce((fullest, one) => (memoryShare(one) > memoryShare(fullest) ? one : fullest));
}

/** Reads `INFO memory`. */
export function parseRedisMemory(info: string, budgetBytes: number | undefined): RedisMemory {
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const limits = [read('maxmemory'), budgetBytes ?? 0].filter((limit) => limit > 0);
  return {
    usedBytes: read('used_memory'),
    limitBytes: limits.length === 0 ? undefined : Math.min(...limits),
  };
}

/** 0 to 1 and more; 0 where there is no limit. */
export function memoryShare({ usedBytes, limitBytes }: RedisMemory): number {
  return limitBytes === undefined ? 0 : usedBytes / limitBytes;
}
