import { Redis } from 'ioredis';
import { outboxKey, SHARD_COUNT } from '../packages/job-store/src/job-keys.ts';
import { eventually } from './child-process.ts';

const LONGEST_RELAY_MS = 1_800_000;
const LONGEST_COOLING_MS = 30_000;

/** Looks into the Redis of a broker, beside the broker. */
export interface RedisWatch extends Disposable {
  /** `used_memory`: what Redis has allocated for data and itself. */
  usedBytes(): Promise<number>;
  /** Resolves when every change of a job was relayed to the lists, events and counts made from it. */
  untilRelayed(): Promise<void>;
  /** Resolves when a provider has a cool-down. */
  untilCooled(provider: string): Promise<void>;
}

export function watchRedis(url: string, keyPrefix: string): RedisWatch {
  const redis = new Redis(url);
  const outboxes = Array.from({ length: SHARD_COUNT }, (_, shard) => outboxKey(keyPrefix, shard));
  return {
    usedBytes: async () => {
      const [, used] = /used_memory:(\d+)/.exec(await redis.info('memory')) ?? [];
      return Number(used);
    },
    untilRelayed: () =>
      eventually('the relay of every change', LONGEST_RELAY_MS, async () => {
        const lengths = await Promise.all(outboxes.map((key) => redis.xlen(key)));
        return lengths.every((length) => length === 0) || undefined;
      }).then(() => undefined),
    untilCooled: (provider) =>
      eventually(`a cool-down of ${provider}`, LONGEST_COOLING_MS, async () => {
        return (await redis.exists(`${keyPrefix}:{${provider}}:cooldowns`)) === 1 || undefined;
      }).then(() => undefined),
    [Symbol.dispose]: () => redis.disconnect(),
  };
}
