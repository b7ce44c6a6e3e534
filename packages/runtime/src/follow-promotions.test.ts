import { lookup } from 'node:dns/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startLocalServer } from '../../../test/support/local-redis.ts';
import { createLogger } from './logger.ts';
import { openRedisOnce, openSubscriber } from './redis-connection.ts';
import { startFakeSentinel } from './testing/fake-sentinel.ts';
import { listenForConnections } from './testing/listen-for-connections.ts';

const logger = createLogger('test', 'silent');
const ANSWER_TIMEOUT_MS = 20_000;
const POLL = { timeout: ANSWER_TIMEOUT_MS };

/** A sentinel that names a master which takes connections and never answers, and a server that does. */
async function openHungGroup() {
  const hung = await listenForConnections();
  const server = await startLocalServer([]);
  onTestFinished(() => server.stop());
  const sentinel = await startFakeSentinel(hung.port);
  const promote = (name = 'broker', host?: string): void => {
    if (name === 'broker') sentinel.namesMaster(server.port);
    sentinel.tellPromotion(name, server.port, host);
  };
  const open = (url = sentinel.urlOf('broker')) => {
    const redis = openSubscriber(url, logger);
    onTestFinished(() => redis.disconnect());
    return redis;
  };
  /** What was written within this process has been read when another process has answered. */
  const whatWasToldIsHeard = async (): Promise<void> => {
    const other = openRedisOnce(server.url, ANSWER_TIMEOUT_MS);
    await other.ping();
    other.disconnect();
  };
  return { hung, server, sentinel, promote, open, whatWasToldIsHeard };
}

test('a master that hangs is left for the one that is promoted, by every connection made from the first', async () => {
  const { hung, sentinel, promote, open } = await openHungGroup();
  const redis = open();
  const copy = redis.duplicate();
  copy.on('error', () => undefined);
  onTestFinished(() => copy.disconnect());
  const answers = Promise.all([redis.ping(), copy.ping()]);
  await expect.poll(() => [hung.sockets.size, sentinel.listeners()], POLL).toEqual([2, 2]);
  promote();
  expect(await answers).toEqual(['PONG', 'PONG']);
});

test('a promotion that is told while a sentinel is asked neither ends the connection nor is missed', async () => {
  const { sentinel, promote, open, whatWasToldIsHeard } = await openHungGroup();
  const { asked, release } = sentinel.hold();
  const redis = open();
  const answer = redis.ping();
  await asked;
  await expect.poll(() => sentinel.listeners(), POLL).toBe(1);
  // The answer that is under way names the old master.
  promote();
  await whatWasToldIsHeard();
  release();
  expect(await answer).toBe('PONG');
});

test('the promotion of another master, or of the one it is connected to, interrupts nothing', async () => {
  const { server, sentinel, promote, open, whatWasToldIsHeard } = await openHungGroup();
  sentinel.namesMaster(server.port);
  const redis = open();
  const id = await redis.client('ID');
  await expect.poll(() => sentinel.listeners(), POLL).toBe(1);
  promote('other');
  promote('broker');
  await whatWasToldIsHeard();
  expect(await redis.client('ID')).toBe(id);
});

test('where sentinels tell host names, the promotion of the one it is connected to interrupts nothing', async () => {
  const { server, sentinel, promote, open, whatWasToldIsHeard } = await openHungGroup();
  sentinel.namesMaster(server.port);
  const redis = open();
  const id = await redis.client('ID');
  await expect.poll(() => sentinel.listeners(), POLL).toBe(1);
  promote('broker', 'localhost');
  await whatWasToldIsHeard();
  // As the connection does; what was asked before is answered.
  await lookup('localhost', { all: true });
  expect(await redis.client('ID')).toBe(id);
});

test('a master that hangs is left for one that is told by its host name', async () => {
  const { hung, sentinel, promote, open } = await openHungGroup();
  const redis = open();
  const answer = redis.ping();
  await expect.poll(() => [hung.sockets.size, sentinel.listeners()], POLL).toEqual([1, 1]);
  promote('broker', 'localhost');
  expect(await answer).toBe('PONG');
});

test('a sentinel that is away is not told of, and the others are heard', async () => {
  const printed = vi.spyOn(console, 'error');
  onTestFinished(() => printed.mockRestore());
  const { hung, sentinel, promote, open } = await openHungGroup();
  const redis = open(sentinel.urlOf('broker').replace('//', '//127.0.0.1:1,'));
  const answer = redis.ping();
  await expect.poll(() => [hung.sockets.size, sentinel.listeners()], POLL).toEqual([1, 1]);
  promote();
  expect(await answer).toBe('PONG');
  expect(printed).not.toHaveBeenCalled();
});

test('a connection that is closed leaves its sentinels too, and comes back to them', async () => {
  const { server, sentinel, open } = await openHungGroup();
  sentinel.namesMaster(server.port);
  const redis = open();
  await redis.ping();
  await expect.poll(() => sentinel.connections(), POLL).toBe(1);
  redis.disconnect();
  await expect.poll(() => sentinel.connections(), POLL).toBe(0);
  await redis.connect();
  await expect.poll(() => sentinel.listeners(), POLL).toBe(1);
});

test('a single look listens to no sentinel', async () => {
  const { server, sentinel } = await openHungGroup();
  sentinel.namesMaster(server.port);
  const redis = openRedisOnce(sentinel.urlOf('broker'), ANSWER_TIMEOUT_MS);
  onTestFinished(() => redis.disconnect());
  await redis.ping();
  await expect.poll(() => sentinel.connections(), POLL).toBe(0);
});
