import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { testRedisUrl, testServerUrl } from '../../../test/support/redis.ts';
import { createLogger } from './logger.ts';
import { createRedisClock, readRedisTime } from './clock.ts';
import { openRedis, openSubscriber, subscribePatiently } from './redis-connection.ts';
import { withoutPassword } from './report-outages.ts';
import { startFakeSentinel } from './testing/fake-sentinel.ts';
import { listenForConnections } from './testing/listen-for-connections.ts';

const logger = createLogger('test', 'silent');

/** Port 1 of this machine: nobody listens there. */
const AWAY = 'redis://127.0.0.1:1';

/** After this a server that does not answer is left here: no pause of a busy machine is as long. */
const SILENCE_MS = 1000;

test('a request fails within about a second while Redis is away', async () => {
  const redis = openRedis(AWAY, 'request', logger);
  onTestFinished(() => redis.disconnect());
  const started = performance.now();
  await expect(redis.get('key')).rejects.toThrow(/writ|connect/i);
  expect(performance.now() - started).toBeLessThan(1500);
});

test('a subscription that was given up before Redis ever answered ends quietly', async () => {
  const subscriber = openSubscriber(AWAY, logger);
  const subscribed = subscribePatiently(subscriber, 'channel');
  subscriber.disconnect();
  await expect(subscribed).resolves.toBeUndefined();
});

/** The way to the tests' Redis, on which each connection that is open falls silent when it is told to. */
async function openWayToRedis() {
  const { hostname, port } = new URL(testServerUrl());
  const silent = new Set<number>();
  let made = 0;
  const { port: ownPort } = await listenForConnections((client) => {
    made += 1;
    const number = made;
    const server = connect(Number(port), hostname);
    client.on('data', (commands) => silent.has(number) || server.write(commands));
    server.on('data', (reply) => silent.has(number) || client.write(reply));
    client.on('close', () => server.destroy());
  });
  return {
    url: `redis://127.0.0.1:${ownPort}`,
    connections: () => made,
    fallSilent: () => {
      for (let number = 1; number <= made; number += 1) silent.add(number);
    },
  };
}

test('a server that is silent, and closes nothing, is left, and what is patient is asked of the next', async () => {
  const way = await openWayToRedis();
  const redis = openRedis(way.url, 'patient', logger, SILENCE_MS);
  onTestFinished(() => redis.disconnect());
  expect(await redis.ping()).toBe('PONG');
  way.fallSilent();
  const sentAt = performance.now();
  expect(await redis.echo('sent before')).toBe('sent before');
  expect(performance.now() - sentAt).toBeGreaterThanOrEqual(SILENCE_MS - 50);
  expect(way.connections()).toBe(2);
});

test('requests find a server that answers after one that is silent', async () => {
  const way = await openWayToRedis();
  const redis = openRedis(way.url, 'request', logger, SILENCE_MS);
  onTestFinished(() => redis.disconnect());
  await expect.poll(() => redis.status).toBe('ready');
  way.fallSilent();
  await expect(redis.echo('given up')).rejects.toThrow('Command timed out');
  await vi.waitFor(async () => expect(await redis.ping()).toBe('PONG'), { timeout: 10_000 });
});

test('who only listens is not cut off, however long nobody says anything', async () => {
  const way = await openWayToRedis();
  const subscriber = openSubscriber(way.url, logger, SILENCE_MS);
  onTestFinished(() => subscriber.disconnect());
  await subscriber.subscribe('a channel of nobody');
  await sleep(3 * SILENCE_MS);
  expect(way.connections()).toBe(1);
  expect(subscriber.status).toBe('ready');
});

test('by rediss+sentinel the first that a server gets is the beginning of TLS', async () => {
  const firstByte = Promise.withResolvers<number | undefined>();
  const server = await listenForConnections((socket) => {
    socket.once('data', (chunk) => firstByte.resolve(chunk[0]));
  });
  const sentinel = await startFakeSentinel(server.port);
  const url = sentinel.urlOf('broker').replace('redis+sentinel://', 'rediss+sentinel://me:secret@');
  const redis = openRedis(url, 'patient', logger);
  onTestFinished(() => redis.disconnect());
  // A record of a handshake.
  expect(await firstByte.promise).toBe(0x16);
});

test('a sentinel that takes connections and says nothing keeps nobody from asking the next', async () => {
  const way = await openWayToRedis();
  const hung = await listenForConnections();
  const sentinel = await startFakeSentinel(Number(new URL(way.url).port));
  const url = sentinel.urlOf('broker').replace('//', `//127.0.0.1:${hung.port},`);
  const redis = openRedis(url, 'patient', logger);
  onTestFinished(() => redis.disconnect());
  expect(await redis.ping()).toBe('PONG');
});

test('a password never reaches the log', () => {
  expect(withoutPassword('redis://user:secret@host:6379/0')).not.toContain('secret');
  expect(withoutPassword('not a URL with secret')).not.toContain('secret');
});

test.each(['redis://user:pass@secret@host:6379', 'redis://user:pass/secret@host:6379'])(
  'no part of a password that was not escaped reaches the log: %s',
  (url) => {
    expect(withoutPassword(url)).toBe('redis://user:***@host:6379');
  },
);

test('an answer of the time that was long on its way is not believed', async () => {
  const redis = openRedis(testRedisUrl(), 'patient', logger);
  onTestFinished(() => redis.disconnect());
  const time = redis.time.bind(redis);
  // Asked while Redis is away, a question is answered when it is back, with the time of then.
  const slowly = vi.spyOn(redis, 'time').mockImplementationOnce(async () => {
    await sleep(1200);
    return await time();
  });
  const clock = createRedisClock(redis);
  onTestFinished(() => clock.close());
  expect(await clock.sync()).toBe(true);
  expect(slowly).toHaveBeenCalledTimes(2);
  const before = await readRedisTime(redis);
  expect(Math.abs(clock.now() - before)).toBeLessThan(400);
});

test('a Redis that is always late is believed once, and then no more', async () => {
  const redis = openRedis(testRedisUrl(), 'patient', logger);
  onTestFinished(() => redis.disconnect());
  const time = redis.time.bind(redis);
  const late = vi.spyOn(redis, 'time').mockImplementation(async () => {
    await sleep(1100);
    return await time();
  });
  const clock = createRedisClock(redis);
  onTestFinished(() => clock.close());
  expect(await clock.sync()).toBe(true);
  expect(late).toHaveBeenCalledTimes(2);
  expect(await clock.sync()).toBe(false);
});

test('the clock follows Redis, and goes on without it', async () => {
  const redis = openRedis(testRedisUrl(), 'patient', logger);
  const clock = createRedisClock(redis);
  onTestFinished(() => clock.close());
  expect(await clock.sync()).toBe(true);
  const [seconds] = await redis.time();
  expect(Math.abs(clock.now() - Number(seconds) * 1000)).toBeLessThan(1500);
  redis.disconnect();
  expect(await clock.sync()).toBe(false);
  const before = clock.now();
  expect(before).toBeGreaterThan(Number(seconds) * 1000 - 1);
  expect(clock.now()).toBeGreaterThanOrEqual(before);
});
