import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startLocalCluster } from '../../../test/support/local-cluster.ts';
import type { LocalCluster } from '../../../test/support/local-cluster.ts';
import { uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { createRedisClock } from './clock.ts';
import { createLogger } from './logger.ts';
import { openRedis, openSubscriber } from './redis-connection.ts';
import type { ConnectionPatience } from './redis-connection.ts';
import { readRedisDurability } from './redis-durability.ts';
import { repliesOf } from './redis-replies.ts';
import { mastersOf, pingRedis, serverOf } from './redis-servers.ts';
import { isRedisUnavailable } from './redis-unavailable.ts';
import type { Redis } from './redis.ts';

const KEYS = 60;
const PAUSE_MS = 300;

let cluster: LocalCluster;
beforeAll(async () => {
  cluster = await startLocalCluster();
}, 60_000);
afterAll(() => cluster.stop());

const logger = createLogger('test', 'silent');

function open(patience: ConnectionPatience = 'patient', url = cluster.url): Redis {
  const redis = openRedis(url, patience, logger);
  onTestFinished(() => redis.disconnect());
  return redis;
}

function keysOf(prefix: string): string[] {
  return Array.from({ length: KEYS }, (_, index) => `${prefix}:{${index}}:number`);
}

test('a pipeline spans the servers, and its replies are in order', async () => {
  const redis = open();
  const keys = keysOf(uniqueKeyPrefix());
  const pipeline = redis.pipeline();
  for (const [index, key] of keys.entries()) pipeline.set(key, index).incrby(key, 1000);
  expect(await repliesOf(pipeline.exec())).toEqual(
    keys.flatMap((_, index) => ['OK', 1000 + index]),
  );
  const servers = await Promise.all(keys.map((key) => serverOf(redis, key)));
  expect(new Set(servers).size).toBe(3);
});

test('an error of one command of a pipeline leaves the others their replies', async () => {
  const redis = open();
  const [one = '', two = ''] = keysOf(uniqueKeyPrefix());
  const replies = await redis.pipeline().set(one, 'text').incr(one).incr(two).exec();
  expect(replies?.map(([error]) => error?.message)).toEqual([
    undefined,
    expect.stringContaining('not an integer'),
    undefined,
  ]);
});

test('what a pipeline publishes is heard after what it wrote can be read', async () => {
  const redis = open();
  const reader = open();
  const subscriber = openSubscriber(cluster.url, logger);
  onTestFinished(() => subscriber.disconnect());
  const prefix = uniqueKeyPrefix();
  await subscriber.subscribe(`${prefix}:written`);
  const read: Promise<string | null>[] = [];
  subscriber.on('message', (_channel, key) => read.push(reader.get(key)));
  const keys = keysOf(prefix);
  // So that whatever goes out at the same time to another server is there long before.
  const [slow] = mastersOf(redis);
  await slow?.client('PAUSE', PAUSE_MS, 'WRITE');
  await Promise.all(
    keys.map((key) => redis.pipeline().set(key, 'there').publish(`${prefix}:written`, key).exec()),
  );
  await expect.poll(() => read.length).toBe(KEYS);
  expect(new Set(await Promise.all(read))).toEqual(new Set(['there']));
});

test('a slot that has moved is followed by every command of a pipeline', async () => {
  const redis = open();
  const prefix = uniqueKeyPrefix();
  const key = `${prefix}:{moving}`;
  const others = keysOf(prefix);
  // Whoever knows the slots before the move has to be told by the servers.
  await redis.set(key, 'before');
  await redis.del(key);
  const from = await serverOf(redis, key);
  const to = mastersOf(redis).find((server) => server !== from);
  if (to === undefined) throw new Error('the cluster has one master');
  const slot = await redis.cluster('KEYSLOT', key);
  const [source, target] = [await from.call('CLUSTER', 'MYID'), await to.call('CLUSTER', 'MYID')];
  const move = async (there: typeof to, id: unknown) => {
    for (const server of [there, ...mastersOf(redis)]) {
      await server.call('CLUSTER', 'SETSLOT', slot, 'NODE', String(id));
    }
  };
  await move(to, target);
  onTestFinished(() => move(from, source));
  const pipeline = redis.pipeline();
  for (const other of others) pipeline.set(other, 'kept');
  pipeline.set(key, 'after').get(key);
  expect((await repliesOf(pipeline.exec())).slice(-2)).toEqual(['OK', 'after']);
  expect(await to.get(key)).toBe('after');
  await redis.del(key);
});

test('a cluster answers a ping when it serves all of its slots, and the clock follows one server', async () => {
  const redis = open();
  await pingRedis(redis);
  const clock = createRedisClock(redis);
  onTestFinished(() => clock.close());
  expect(await clock.sync()).toBe(true);
  const [seconds] = await (await serverOf(redis, '{clock}')).time();
  expect(Math.abs(clock.now() - Number(seconds) * 1000)).toBeLessThan(2000);
});

test('of a cluster every server must keep what it accepts', async () => {
  const redis = open();
  expect(await readRedisDurability(redis)).toEqual({ unfit: [], problems: [], warnings: [] });
  const [, second] = mastersOf(redis);
  await second?.config('SET', 'appendonly', 'no');
  onTestFinished(async () => {
    await second?.config('SET', 'appendonly', 'yes');
  });
  const { problems } = await readRedisDurability(redis);
  expect(problems).toEqual([expect.stringContaining('appendonly is off')]);
});

test('one server of a cluster, addressed alone, is refused with how to write the URL', async () => {
  const [first] = cluster.masters;
  const { problems } = await readRedisDurability(open('patient', first?.url));
  expect(problems).toEqual([expect.stringContaining('redis+cluster://')]);
});

test('a request fails within about a second while the whole cluster is away', async () => {
  // Port 1 of this machine: nobody listens there.
  const redis = open('request', 'redis+cluster://127.0.0.1:1');
  const started = performance.now();
  const error = await redis.get('key').catch((reason: unknown) => reason);
  expect(isRedisUnavailable(error)).toBe(true);
  const failed = await redis.pipeline().get('key').exec();
  expect(isRedisUnavailable(failed?.[0]?.[0])).toBe(true);
  await expect(serverOf(redis, 'key')).rejects.toSatisfy(isRedisUnavailable);
  expect(performance.now() - started).toBeLessThan(1500);
});

test('a subscriber whose server is gone hears on from another', async () => {
  const own = await startLocalCluster();
  onTestFinished(() => own.stop());
  const subscriber = openSubscriber(own.url, logger);
  onTestFinished(() => subscriber.disconnect());
  await subscriber.subscribe('news');
  const heard: string[] = [];
  subscriber.on('message', (_channel, text) => heard.push(text));
  const gone = own.masters.find(({ port }) => port === subscriber.options.port);
  const left = own.masters.find((server) => server !== gone);
  if (gone === undefined || left === undefined) throw new Error('the subscriber is nowhere');
  const again = new Promise((resolve) => subscriber.once('ready', resolve));
  gone.kill('SIGKILL');
  await again;
  // The answer to a ping comes after those to the renewed subscriptions.
  await subscriber.ping();
  const publisher = openRedis(left.url, 'patient', logger);
  onTestFinished(() => publisher.disconnect());
  await publisher.publish('news', 'here');
  await expect.poll(() => heard).toEqual(['here']);
}, 60_000);
