import { expect, onTestFinished, test } from 'vitest';
import { startLocalServer } from '../../../../test/support/local-redis.ts';
import { listenAsOldRedis } from '../../../../test/support/old-redis.ts';
import { checkRedis } from './check-redis.ts';

async function check(
  url: string,
  durability: 'checked' | 'assumed',
  memory: { memoryBudgetBytes?: number } = {},
) {
  const { signal } = new AbortController();
  const settings = { durability, replicas: 0, highestMemoryShare: 0.75, ...memory };
  const found = await checkRedis({ environment: { REDIS_URL: url }, signal }, settings);
  return Object.groupBy(found, ({ about }) => about);
}

test.each([
  ['that loses jobs', ['--appendonly', 'no'], 'appendonly is off'],
  ['that forbids CONFIG, as managed ones do', ['--rename-command', 'CONFIG', ''], 'CONFIG GET'],
])(
  'a Redis %s fails, unless the operator answers for it',
  async (_name, args, words) => {
    const server = await startLocalServer(args);
    onTestFinished(() => server.stop());
    expect((await check(server.url, 'checked')).Redis).toMatchObject([
      { state: 'fail', message: expect.stringContaining(words) },
    ]);
    expect((await check(server.url, 'assumed')).Redis).toMatchObject([
      { state: 'warn', message: expect.stringContaining(words) },
    ]);
  },
  60_000,
);

test('a Redis that is too old fails for its age, whatever the operator answers for', async () => {
  const url = await listenAsOldRedis();
  for (const durability of ['checked', 'assumed'] as const) {
    expect(await check(url, durability)).toEqual({
      Redis: [
        {
          state: 'fail',
          about: 'Redis',
          message: 'it is older than Redis 7.0; wanted is Redis 7 or later, or Valkey',
        },
      ],
    });
  }
});

test('a Redis that is too full for new jobs fails, by its own limit and by the budget', async () => {
  const server = await startLocalServer(['--maxmemory', '1gb']);
  onTestFinished(() => server.stop());
  const look = async (memoryBudgetBytes?: number) => {
    const memory = memoryBudgetBytes === undefined ? {} : { memoryBudgetBytes };
    return (await check(server.url, 'checked', memory))['Redis memory'];
  };
  expect(await look()).toMatchObject([
    { state: 'ok', message: expect.stringMatching(/% of 1070 MB are used; .* below 75 %$/) },
  ]);
  expect(await look(1000)).toMatchObject([
    {
      state: 'fail',
      message: expect.stringMatching(
        /of 0\.001 MB are used, .* from 75 % on; .*redis\.memoryBudgetBytes where that is lower$/,
      ),
    },
  ]);
});

test('a Redis without a limit and without a budget is warned of', async () => {
  const server = await startLocalServer([]);
  onTestFinished(() => server.stop());
  expect((await check(server.url, 'checked'))['Redis memory']).toMatchObject([
    { state: 'warn', message: expect.stringContaining('neither maxmemory nor') },
  ]);
});
