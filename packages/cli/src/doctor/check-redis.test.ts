import { expect, onTestFinished, test } from 'vitest';
import { startLocalServer } from '../../../../test/support/local-redis.ts';
import { listenAsOldRedis } from '../../../../test/support/old-redis.ts';
import { checkRedis } from './check-redis.ts';

async function check(url: string, durability: 'checked' | 'assumed') {
  const { signal } = new AbortController();
  return checkRedis({ environment: { REDIS_URL: url }, signal }, durability);
}

test.each([
  ['that loses jobs', ['--appendonly', 'no'], 'appendonly is off'],
  ['that forbids CONFIG, as managed ones do', ['--rename-command', 'CONFIG', ''], 'CONFIG GET'],
])(
  'a Redis %s fails, unless the operator answers for it',
  async (_name, args, words) => {
    const server = await startLocalServer(args);
    onTestFinished(() => server.stop());
    expect(await check(server.url, 'checked')).toMatchObject([
      { state: 'fail', message: expect.stringContaining(words) },
    ]);
    expect(await check(server.url, 'assumed')).toMatchObject([
      { state: 'warn', message: expect.stringContaining(words) },
    ]);
  },
  60_000,
);

test('a Redis that is too old fails for its age, whatever the operator answers for', async () => {
  const url = await listenAsOldRedis();
  for (const durability of ['checked', 'assumed'] as const) {
    expect(await check(url, durability)).toEqual([
      {
        state: 'fail',
        about: 'Redis',
        message: 'it is older than Redis 7.0; wanted is Redis 7 or later, or Valkey',
      },
    ]);
  }
});
