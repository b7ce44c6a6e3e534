import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startLocalServer } from '../../../test/support/local-redis.ts';
import { testServerUrl } from '../../../test/support/redis.ts';
import { limitWaits } from './limit-waits.ts';
import { listenForConnections } from './testing/listen-for-connections.ts';

const TIMEOUT_MS = 150;
/** A command may wait for two looks more; the rest is for a busy machine. */
const LONGEST_MS = TIMEOUT_MS + 850;
/** Where every command is to be answered in time: no pause of a busy machine is as long. */
const PATIENT_TIMEOUT_MS = 1000;

function open(url: string, timeoutMs = TIMEOUT_MS): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  onTestFinished(() => redis.disconnect());
  limitWaits(redis, timeoutMs);
  return redis;
}

/** A connection to a Redis that answered once, and neither hears nor says anything any more. */
async function openToSilence(url = testServerUrl()) {
  let silent = false;
  const { hostname, port } = new URL(url);
  const { port: ownPort, sockets } = await listenForConnections((client) => {
    const redis = connect(Number(port), hostname);
    client.on('data', (commands) => silent || redis.write(commands));
    redis.on('data', (reply) => silent || client.write(reply));
    client.on('close', () => redis.destroy());
  });
  const redis = open(`redis://127.0.0.1:${ownPort}`);
  await redis.ping();
  silent = true;
  /** Lets it be found well, after its connections were cut. */
  const replace = (): void => {
    silent = false;
    for (const socket of sockets) socket.destroy();
  };
  return { redis, replace };
}

async function waitedMs(redis: Redis): Promise<number> {
  const sentAt = performance.now();
  await expect(redis.ping()).rejects.toThrow('Command timed out');
  return performance.now() - sentAt;
}

test('a command that is not answered fails in time, and so does each one after it', async () => {
  const { redis } = await openToSilence();
  for (const waited of [await waitedMs(redis), await waitedMs(redis)]) {
    expect(waited).toBeGreaterThanOrEqual(TIMEOUT_MS);
    expect(waited).toBeLessThan(LONGEST_MS);
  }
});

test('commands that are sent while others wait have their own time', async () => {
  const { redis } = await openToSilence();
  const waits = Array.from({ length: 60 }, async (_, index) => {
    await sleep(20 * index);
    return waitedMs(redis);
  });
  for (const waited of await Promise.all(waits)) {
    expect(waited).toBeGreaterThanOrEqual(TIMEOUT_MS);
    expect(waited).toBeLessThan(LONGEST_MS);
  }
});

test('what was given up is not sent to the server that takes the place of a silent one', async () => {
  const server = await startLocalServer([]);
  onTestFinished(() => server.stop());
  const { redis, replace } = await openToSilence(server.url);
  await expect(redis.incr('key')).rejects.toThrow('Command timed out');
  const replies = await redis.pipeline().incr('key').incr('key').exec();
  expect(replies?.map(([error]) => error?.message)).toEqual(Array(2).fill('Command timed out'));
  const isBack = once(redis, 'ready');
  replace();
  await isBack;
  // On the connection by which they would have come before; a pause of the machine may outlast it.
  await vi.waitFor(async () => expect(await redis.get('key')).toBeNull());
});

test('what is answered in time is given, long after others were too', async () => {
  const redis = open(testServerUrl(), PATIENT_TIMEOUT_MS);
  const until = performance.now() + 2 * PATIENT_TIMEOUT_MS;
  while (performance.now() < until) expect(await redis.ping()).toBe('PONG');
});
