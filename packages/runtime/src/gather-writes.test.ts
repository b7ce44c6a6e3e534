import { once } from 'node:events';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { testRedisUrl } from '../../../test/support/redis.ts';
import { gatherWrites } from './gather-writes.ts';

/** Counts what the socket hands to the system. */
async function watchedRedis() {
  const redis = new Redis(testRedisUrl());
  onTestFinished(() => redis.disconnect());
  gatherWrites(redis);
  await once(redis, 'ready');
  const one = vi.spyOn(redis.stream, '_write');
  const several = vi.spyOn(redis.stream, '_writev');
  return { redis, writes: () => one.mock.calls.length + several.mock.calls.length };
}

test('the commands of one turn of the event loop are one write, in their order', async () => {
  const { redis, writes } = await watchedRedis();
  const list = `gather-writes-${process.pid}-${performance.now()}`;
  const pushed = ['a', 'b'].map((member) => redis.rpush(list, member));
  const more = redis.pipeline().rpush(list, 'c').rpush(list, 'd').exec();
  const seen = redis.lrange(list, 0, -1);
  expect(await Promise.all(pushed)).toEqual([1, 2]);
  expect(await more).toEqual([
    [null, 3],
    [null, 4],
  ]);
  expect(await seen).toEqual(['a', 'b', 'c', 'd']);
  expect(writes()).toBe(1);
  await redis.del(list);
});

test('a command of a later turn is a write of its own', async () => {
  const { redis, writes } = await watchedRedis();
  await redis.ping();
  await redis.ping();
  expect(writes()).toBe(2);
});
