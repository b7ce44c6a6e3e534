import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { ensureRedis } from '../../services/standalone/src/install-redis.ts';
import { findFreePort } from './free-port.ts';

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

/**
 * A server that speaks Redis' protocol: the one that `npm start` would take, or what
 * UNDERSTUDY_TEST_REDIS_PROGRAM names, as Valkey's.
 * @throws StartError where none on the PATH is new enough
 */
export function serverProgram(): string {
  return (
    process.env['UNDERSTUDY_TEST_REDIS_PROGRAM'] ??
    ensureRedis({
      searchPath: process.env['PATH'] ?? '',
      isRoot: process.getuid?.() === 0,
      install: false,
      say: () => undefined,
    })
  );
}

/** One server as a child process. */
export interface LocalServer extends RunningRedis {
  port: number;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a Redis of its own on a free loopback port, with its data in a temporary folder. */
export function startLocalRedis(program = serverProgram()): Promise<RunningRedis> {
  return startLocalServer([], program);
}

/** @param args beside what the broker demands */
export async function startLocalServer(
  args: readonly string[],
  program = serverProgram(),
): Promise<LocalServer> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-redis-'));
  const port = await findFreePort();
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
  const server = spawn(program, [...place, ...REDIS_ARGUMENTS, ...args], { stdio: 'ignore' });
  const ended = once(server, 'close');
  await once(server, 'spawn');
  const url = `redis://127.0.0.1:${port}`;
  await waitForAnswer(url);
  return {
    url,
    port,
    description: `a local ${program} on port ${port}`,
    kill: (signal) => {
      server.kill(signal);
    },
    stop: async () => {
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
