import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

export interface RunningRedis {
  url: string;
  /** How it runs, for the person who reads the output. */
  description: string;
  stop(): Promise<void>;
}

/** What the broker demands of a Redis; the same for a process and a container. */
export const REDIS_ARGUMENTS = [
  '--appendonly',
  'yes',
  '--appendfsync',
  'always',
  '--maxmemory-policy',
  'noeviction',
  '--save',
  '',
];

const START_TIMEOUT_MS = 15_000;

/** Starts a Redis of its own on a free loopback port, with its data in a temporary folder. */
export async function startLocalRedis(program = 'redis-server'): Promise<RunningRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-redis-'));
  const port = await findFreePort();
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
  const server = spawn(program, [...place, ...REDIS_ARGUMENTS], { stdio: 'ignore' });
  await once(server, 'spawn');
  const url = `redis://127.0.0.1:${port}`;
  await waitForAnswer(url);
  return {
    url,
    description: `a local ${program} on port ${port}`,
    stop: async () => {
      const ended = once(server, 'close');
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when Redis answers a PING, rejects after 15 seconds. */
export async function waitForAnswer(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const timeout = new AbortController();
  try {
    await Promise.race([
      redis.ping(),
      sleep(START_TIMEOUT_MS, undefined, { signal: timeout.signal }).then(() => {
        throw new Error(`the Redis at ${url} did not answer within ${START_TIMEOUT_MS} ms`);
      }),
    ]);
  } finally {
    timeout.abort();
    redis.disconnect();
  }
}

/** A port of the loopback interface that is free now. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port was given');
  return address.port;
}
