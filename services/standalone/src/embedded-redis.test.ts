import { mkdtempSync, realpathSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { prepareRedis, waitForRedis, type EmbeddedRedis } from './embedded-redis.ts';
import { superviseProcess } from './supervised-process.ts';
import { serverProgram } from '../../../test/support/local-redis.ts';

const guard = join(import.meta.dirname, 'redis-guard.ts');

function startGuarded(redis: EmbeddedRedis) {
  const ended = Promise.withResolvers<string>();
  const supervised = superviseProcess({
    name: 'redis',
    args: [guard, serverProgram(), redis.configurationPath],
    env: { ...process.env, GUARDED_REDIS_URL: redis.url },
    onLine: () => {},
    onUnexpectedEnd: ({ reason }) => ended.resolve(reason),
    onRunningAgain: () => {},
  });
  onTestFinished(() => supervised.stop(10_000));
  return { supervised, ended: ended.promise };
}

function connect(url: string) {
  const redis = new Redis(url);
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  return redis;
}

const newFolder = () => realpathSync(mkdtempSync(join(tmpdir(), 'understudy-redis-')));
const never = new AbortController().signal;

test('the embedded Redis fsyncs every write, evicts nothing, wants a password, keeps its data', async () => {
  const folder = newFolder();
  const first = await prepareRedis(folder);
  expect(statSync(first.configurationPath).mode & 0o777).toBe(0o600);
  const { supervised } = startGuarded(first);
  await waitForRedis(first.url, never);
  const redis = connect(first.url);
  expect(await redis.config('GET', 'appendfsync', 'appendonly', 'maxmemory-policy')).toEqual(
    expect.arrayContaining(['always', 'yes', 'noeviction']),
  );
  await redis.hset('record', 'req', 'x'.repeat(1000));
  expect(await redis.object('ENCODING', 'record')).toBe('listpack');
  await expect(connect(first.url.replace(/:[^:@]*@/, '')).get('kept')).rejects.toThrow('NOAUTH');
  await redis.set('kept', 'yes');
  redis.disconnect();
  await supervised.stop(10_000);

  const second = await prepareRedis(folder);
  startGuarded(second);
  await waitForRedis(second.url, never);
  expect(await connect(second.url).get('kept')).toBe('yes');
});

function linkTo(folder: string): string {
  symlinkSync(folder, `${folder}-link`);
  return `${folder}-link`;
}

test.each([
  ['by its own name', newFolder],
  ['by a symbolic link', () => linkTo(newFolder())],
])(
  'a Redis that a killed start left behind is stopped before the next takes its folder, %s',
  async (_how, named) => {
    const folder = named();
    const first = await prepareRedis(folder);
    const { supervised, ended } = startGuarded(first);
    await waitForRedis(first.url, never);

    const second = await prepareRedis(folder);
    expect(await ended).toMatch(/^exit code/);
    await supervised.stop(0);
    expect(second.url).not.toBe(first.url);
  },
);
