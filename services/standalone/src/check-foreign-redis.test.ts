import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { startLocalRedis, startLocalServer } from '../../../test/support/local-redis.ts';
import { listenAsOldRedis } from '../../../test/support/old-redis.ts';
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

test('a cluster is let in by its password, and one of another form of URL is refused with the right one', async () => {
  // Alone it has met nobody who could have told it its address.
  const announced = ['--cluster-announce-ip', '127.0.0.1'];
  const server = await startLocalServer(['--cluster-enabled', 'yes', ...announced]);
  onTestFinished(() => server.stop());
  const redis = new Redis(server.url);
  onTestFinished(() => redis.disconnect());
  await redis.cluster('ADDSLOTSRANGE', 0, 16_383);
  // A master takes writes only some seconds after its start.
  await expect.poll(() => redis.cluster('INFO'), { timeout: 15_000 }).toContain('cluster_state:ok');
  const address = `127.0.0.1:${server.port}`;
  expect(await check(`redis+cluster://${address}`)).toEqual([]);
  await expect(check(`redis://${address}`)).rejects.toThrow(/redis\+cluster:\/\/host:port/);
  await expect(check(`redis+cluster://${address}/2`)).rejects.toThrow(/no cluster URL/);

  await redis.config('SET', 'requirepass', 'p@ss');
  expect(await check(`redis+cluster://:p%40ss@${address}`)).toEqual([]);
  for (const wrong of [address, `:guess@${address}`]) {
    await expect(check(`redis+cluster://${wrong}`)).rejects.toThrow(/wants another password/);
  }
}, 30_000);

test('a Redis that loses jobs is refused, unless the operator assumes that it does not', async () => {
  const url = await startRedis(['appendonly', 'no']);
  await expect(check(url)).rejects.toThrow(/appendonly is off/);
  expect(await check(url, 'assumed')).toEqual([]);
});

test('one that forbids CONFIG is taken where the operator assumes that it loses no jobs', async () => {
  const server = await startLocalServer(['--rename-command', 'CONFIG', '']);
  onTestFinished(() => server.stop());
  await expect(check(server.url)).rejects.toThrow(/CONFIG/);
  expect(await check(server.url, 'assumed')).toEqual([]);
});

test.each(['checked', 'assumed'] as const)(
  'with %s, a Redis that is too old is refused for its age, and no assumption is offered',
  async (durability) => {
    await expect(check(await listenAsOldRedis(), durability)).rejects.toThrow(
      /^(?!.*assumed).*older than Redis 7\.0; wanted is Redis 7 or later/,
    );
  },
);

test('a Redis, a Sentinel or a cluster that does not answer is waited for', async () => {
  // Port 1 of this machine: nobody listens there.
  for (const url of [
    'redis://:secret@127.0.0.1:1',
    'redis+sentinel://127.0.0.1:1/broker',
    'redis+cluster://:secret@127.0.0.1:1,127.0.0.1:1',
  ]) {
    const [line = ''] = await check(url);
    expect(line).toContain('does not answer yet');
    expect(line).not.toContain('secret');
  }
});

test('a sentinel URL without a master is refused with how to write one', async () => {
  await expect(check('redis+sentinel://127.0.0.1:1')).rejects.toThrow(/host:port\/master/);
});
