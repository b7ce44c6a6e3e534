import { once } from 'node:events';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { testServerUrl } from '../../../test/support/redis.ts';
import { gatherWrites } from './gather-writes.ts';

/** Counts what the socket hands to the system. */
async function watchedRedis() {
  const redis = new Redis(testServerUrl());
  onTestFinished(() => redis.disconnect());
  gatherWrites(redis);
  await once(redis, 'ready');
  const one = vi.spyOn(redis.stream, '_write');
  const several = vi.spyOn(redis.stream, '_writev');
  return { redis, writes: () => one.mock.calls.length + several.mock.calls.length };
}

test('the commands of one turn of the event loop are one write, in their order', async () => {
  const { redis, writes } = await watchedRedis();
  const named = ['a', 'b'].map((name) => redis.client('SETNAME', name));
  const between = redis.client('GETNAME');
  const more = redis.pipeline().client('SETNAME', 'c').client('GETNAME').exec();
  const last = redis.client('GETNAME');
  expect(await Promise.all(named)).toEqual(['OK', 'OK']);
  expect(await between).toBe('b');
  expect(await more).toEqual([
    [null, 'OK'],
    [null, 'c'],
  ]);
  expect(await last).toBe('c');
  expect(writes()).toBe(1);
});

test('a command of a later turn is a write of its own', async () => {
  const { redis, writes } = await watchedRedis();
  await redis.ping();
  await redis.ping();
  expect(writes()).toBe(2);
});
