import { randomBytes } from 'node:crypto';
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { findFreePort } from './free-port.ts';
import { StartError } from './start-error.ts';

const LOOK_AGAIN_MS = 50;
/** A large append-only file takes its time to load. */
const LONGEST_START_MS = 300_000;
const LONGEST_STOP_MS = 20_000;

export interface EmbeddedRedis {
  url: string;
  /** The file to start `redis-server` with; only its owner reads it, for the password. */
  configurationPath: string;
}

const stateSchema = z.object({ url: z.string() });

/**
 * Writes the configuration of the Redis in `path`, a folder: loopback with a password, every write on
 * disk before it is acknowledged, nothing ever evicted. A Redis that a killed start left on the
 * same folder is stopped first, so that there are never two on one file.
 */
export async function prepareRedis(path: string): Promise<EmbeddedRedis> {
  // By this name a server that runs there calls it, whatever links lead to it.
  const folder = realpathSync(path);
  const statePath = join(folder, 'redis.json');
  await stopLeftover(folder, statePath);
  const port = await findFreePort();
  const password = randomBytes(24).toString('hex');
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const configurationPath = join(folder, 'redis.conf');
  const configuration = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(folder)}`,
    'appendonly yes',
    'appendfsync always',
    'maxmemory-policy noeviction',
    // A record's fields side by side: a fifth less memory per waiting job than as a hash table.
    'hash-max-listpack-value 1024',
    'save ""',
    'daemonize no',
    'logfile ""',
    'loglevel warning',
  ];
  writePrivate(configurationPath, `${configuration.join('\n')}\n`);
  writePrivate(statePath, JSON.stringify({ url }));
  return { url, configurationPath };
}

function writePrivate(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
}

/**
 * Resolves when the server answers.
 * @throws StartError when it does not within five minutes, or `signal` says why it cannot
 */
export async function waitForRedis(url: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + LONGEST_START_MS;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    if ((await ask(url, (redis) => redis.ping())) === 'PONG') return;
    await sleep(LOOK_AGAIN_MS);
  }
  throw new StartError(
    'the embedded Redis did not answer within five minutes; see its messages above.',
  );
}

async function stopLeftover(folder: string, statePath: string): Promise<void> {
  const url = readState(statePath);
  if (url === undefined) return;
  const owned = await ask(url, (redis) => redis.config('GET', 'dir'));
  if (!Array.isArray(owned) || owned[1] !== folder) return;
  await ask(url, (redis) => redis.shutdown());
  const deadline = performance.now() + LONGEST_STOP_MS;
  while ((await ask(url, (redis) => redis.ping())) !== undefined) {
    if (performance.now() > deadline) {
      throw new StartError(
        `a Redis of an earlier start still runs on ${folder} and does not stop; end the process "redis-server 127.0.0.1:${new URL(url).port}".`,
      );
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

function readState(path: string): string | undefined {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).url;
  } catch {
    return undefined;
  }
}

/** The answer to one question on a connection of its own; undefined when there is none. */
async function ask<Answer>(
  url: string,
  question: (redis: Redis) => Promise<Answer>,
): Promise<Answer | undefined> {
  const redis = new Redis(url, {
    retryStrategy: () => null,
    connectTimeout: 2_000,
    commandTimeout: 5_000,
    enableReadyCheck: false,
  });
  // Its failures arrive at the question.
  redis.on('error', () => undefined);
  try {
    return await question(redis);
  } catch {
    return undefined;
  } finally {
    redis.disconnect();
  }
}
