import { repliesOf } from '@understudy/runtime';
import type { Redis } from 'ioredis';
import { providerKeys } from './provider-keys.ts';

/** Where jobs stand that wait for one model at one provider to open again. */
export interface Room {
  provider: string;
  /** The provider's name for the model. */
  model: string;
}

export interface WaitingRooms {
  /**
   * Idempotent. Jobs stand in the order of their priority number, then of their id.
   * @returns in how many of the rooms the member was not yet
   */
  enter(rooms: readonly Room[], member: string, order: number): Promise<number>;
  /** The first `count` members; they stay until they leave. */
  peek(room: Room, count: number): Promise<string[]>;
  leave(rooms: readonly Room[], member: string): Promise<void>;
  /** Rooms of a provider that have somebody in them, with their number. */
  occupied(provider: string): Promise<(Room & { count: number })[]>;
}

export function createWaitingRooms(redis: Redis, prefix: string): WaitingRooms {
  return {
    enter: async (rooms, member, order) => {
      const pipeline = redis.pipeline();
      for (const { provider, model } of rooms) {
        const keys = providerKeys(prefix, provider);
        pipeline.zadd(keys.waiting(model), order, member);
        pipeline.sadd(keys.waitingModels, model);
      }
      const replies = await repliesOf(pipeline.exec());
      // Every other reply is that of SADD.
      return replies.filter((reply, index) => index % 2 === 0 && Number(reply) === 1).length;
    },
    peek: (room, count) =>
      redis.zrange(providerKeys(prefix, room.provider).waiting(room.model), '0', String(count - 1)),
    leave: async (rooms, member) => {
      const pipeline = redis.pipeline();
      for (const { provider, model } of rooms) {
        pipeline.zrem(providerKeys(prefix, provider).waiting(model), member);
      }
      await repliesOf(pipeline.exec());
    },
    occupied: async (provider) => {
      const keys = providerKeys(prefix, provider);
      const models = await redis.smembers(keys.waitingModels);
      const counts = await Promise.all(models.map((model) => redis.zcard(keys.waiting(model))));
      return models.flatMap((model, index) => {
        const count = counts[index] ?? 0;
        return count === 0 ? [] : [{ provider, model, count }];
      });
    },
  };
}
