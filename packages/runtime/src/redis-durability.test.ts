import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import {
  durabilityRefusal,
  judgeRedisConfig,
  readAssumedDurability,
  readRedisDurability,
} from './redis-durability.ts';

const safe = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' };
const judge = (config: Record<string, string>) => judgeRedisConfig(new Map(Object.entries(config)));

test('a Redis that fsyncs every write and evicts nothing is taken', () => {
  expect(judge(safe)).toEqual({ unfit: [], problems: [], warnings: [] });
});

test('a Redis without an append-only file is refused with the remedy', () => {
  const { problems } = judge({ ...safe, appendonly: 'no' });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('appendonly yes');
});

test('a Redis that evicts is refused, whatever its policy is called', () => {
  for (const policy of ['allkeys-lru', 'volatile-ttl']) {
    expect(judge({ ...safe, 'maxmemory-policy': policy }).problems[0]).toContain(policy);
  }
});

test('an fsync a second is a warning: a crash of Redis loses nothing, a power loss may', () => {
  const { problems, warnings } = judge({ ...safe, appendfsync: 'everysec' });
  expect(problems).toEqual([]);
  expect(warnings[0]).toContain('power loss');
});

/** A connection to a server that answers each command with this error. */
async function connectTo(error: string): Promise<Redis> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const commands = data.toString().match(/^\*\d+\r$/gm) ?? [];
      socket.write(`-${error}\r\n`.repeat(commands.length));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const redis = new Redis({ port, enableReadyCheck: false, maxRetriesPerRequest: 0 });
  redis.on('error', () => undefined);
  onTestFinished(() => {
    redis.disconnect();
    server.close();
  });
  return redis;
}

test.each([
  ["ERR unknown command 'CONFIG'", /let this user call "CONFIG GET"/],
  ["NOPERM this user has no permissions to run the 'config|get' command", /let this user call/],
])('a Redis that answers CONFIG with %j is refused with what it lacks', async (error, problem) => {
  const { problems } = await readRedisDurability(await connectTo(error));
  expect(problems).toEqual([expect.stringMatching(problem)]);
});

test('a Redis that is too old is refused for its age, which no assumption mends', async () => {
  const old = "ERR Unknown subcommand or wrong number of arguments for 'GET'. Try CONFIG HELP.";
  const durability = await readRedisDurability(await connectTo(old));
  expect(durabilityRefusal(durability)).toMatch(
    /older than Redis 7\.0; wanted is Redis 7 or later/,
  );
  expect(durabilityRefusal(durability)).not.toMatch(/assumed|keep/);
});

test('a Redis that loses jobs is refused with what the operator may say instead, another is not', () => {
  expect(durabilityRefusal(judge({ ...safe, appendonly: 'no' }))).toMatch(
    /cannot keep what it accepts: appendonly is off.*durability: assumed/,
  );
  expect(durabilityRefusal(judge({ ...safe, appendfsync: 'everysec' }))).toBeUndefined();
});

test('a Redis that is busy says nothing of what it keeps, and is asked again', async () => {
  const busy = await connectTo('BUSY Redis is busy running a script.');
  await expect(readRedisDurability(busy)).rejects.toThrow('BUSY');
});

test.each([
  ['NOPERM this user has no permissions to run the "config|get" command', 0],
  ['BUSY Redis is busy running a script.', 0],
  ["ERR wrong number of arguments for 'config|get' command", 1],
])(
  'where durability is assumed a Redis that says %j is refused for its age alone',
  async (...row) => {
    const [error, unfit] = row;
    const { problems, ...found } = await readAssumedDurability(await connectTo(error));
    expect([found.unfit.length, problems]).toEqual([unfit, []]);
  },
);
