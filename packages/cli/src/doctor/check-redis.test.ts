import { expect, onTestFinished, test } from 'vitest';
import { startLocalServer } from '../../../../test/support/local-redis.ts';
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
