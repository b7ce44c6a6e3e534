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

/** A connection to a server that answers each command with this error, but INFO where that is given. */
async function connectTo(error: string, info?: string): Promise<Redis> {
  const told = info && `$${info.length}\r\n${info}\r\n`;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const [, command] of data.toString().matchAll(/^\*\d+\r\n\$\d+\r\n(\w+)/gm)) {
        socket.write((command === 'info' ? told : undefined) ?? `-${error}\r\n`);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  // Protocol 3 begins with a HELLO, and one that is refused ends the connection.
  const redis = new Redis({
    port,
    protocol: 2,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
  });
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

test.each([
  ['redis_version:6.2.14\r\nredis_mode:standalone', 1],
  ['redis_version:7.0.15\r\nredis_mode:standalone', 0],
  ['redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1', 0],
  ['redis_version:10.0.0', 0],
  ['uptime_in_days:6', 0],
])('one that forbids CONFIG is asked for its age: %j', async (...[info, unfit]) => {
  const redis = await connectTo("ERR unknown command 'CONFIG'", `# Server\r\n${info}\r\n`);
  expect((await readAssumedDurability(redis)).unfit).toHaveLength(unfit);
  const checked = await readRedisDurability(redis);
  expect([checked.unfit.length, checked.problems.length]).toEqual([unfit, 1 - unfit]);
});

test('one that does not answer is not taken, also where its durability is assumed', async () => {
  const redis = await connectTo('NOPERM');
  redis.disconnect();
  await expect(readAssumedDurability(redis)).rejects.toThrow('Connection is closed');
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
