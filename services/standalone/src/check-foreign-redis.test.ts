import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { startLocalRedis } from '../../../test/support/local-redis.ts';
import { checkForeignRedis } from './check-foreign-redis.ts';

async function startRedis(change: readonly [name: string, value: string]) {
  const running = await startLocalRedis();
  onTestFinished(() => running.stop());
  const redis = new Redis(running.url);
  await redis.config('SET', ...change);
  redis.disconnect();
  return running.url;
}

async function check(url: string, durability: 'checked' | 'assumed' = 'checked') {
  const said: string[] = [];
  await checkForeignRedis(url, durability, (line) => said.push(line));
  return said;
}

test('a Redis that wants another password is refused with how to write it, and the right one is taken', async () => {
  const url = await startRedis(['requirepass', 'p@ss/w0rd:x']);
  const withPassword = (password: string) => url.replace('//', `//:${password}@`);
  expect(await check(withPassword('p%40ss%2Fw0rd%3Ax'))).toEqual([]);
  for (const wrong of [url, withPassword('guess')]) {
    for (const durability of ['checked', 'assumed'] as const) {
      await expect(check(wrong, durability)).rejects.toThrow(
        /wants another password \((NOAUTH|WRONGPASS)\)(?!.*guess).*REDIS_URL as redis:\/\/:<password>@/,
      );
    }
  }
});

test('a Redis that loses jobs is refused, unless the operator assumes that it does not', async () => {
  const url = await startRedis(['appendonly', 'no']);
  await expect(check(url)).rejects.toThrow(/appendonly is off/);
  expect(await check(url, 'assumed')).toEqual([]);
});

test('a Redis or a Sentinel that does not answer is waited for', async () => {
  // Port 1 of this machine: nobody listens there.
  for (const url of ['redis://:secret@127.0.0.1:1', 'redis+sentinel://127.0.0.1:1/broker']) {
    const [line = ''] = await check(url);
    expect(line).toContain('does not answer yet');
    expect(line).not.toContain('secret');
  }
});

test('a sentinel URL without a master is refused with how to write one', async () => {
  await expect(check('redis+sentinel://127.0.0.1:1')).rejects.toThrow(/host:port\/master/);
});
