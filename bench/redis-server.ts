import { statfs } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { serverProgram } from '../test/support/local-redis.ts';
import { eventually, freePort, startProcess, type BenchProcess } from './child-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** File system type of memory-backed directories; see statfs(2). */
const TMPFS_MAGIC = 0x01021994;

export interface BenchRedis extends BenchProcess {
  url: string;
}

/**
 * A Redis of its own that fsyncs before it answers, as the broker demands. Its files go when it
 * stops. A rewrite of its log never falls into one contender's turn.
 */
export async function startRedis(parentDirectory?: string): Promise<BenchRedis> {
  const { path: directory, remove } = await temporaryFolder(parentDirectory);
  if ((await statfs(directory)).type === TMPFS_MAGIC) {
    console.warn(`${directory} lies in memory, so fsync costs nothing; set TMPDIR to a disk`);
  }
  const port = await freePort();
  const server = startProcess('redis', [serverProgram(), ...serverOptions(port, directory)]);
  const url = `redis://127.0.0.1:${port}`;
  await eventually('redis', 10_000, () => answersPing(url));
  return {
    ...server,
    url,
    async stop() {
      await server.stop();
      await remove();
    },
  };
}

function serverOptions(port: number, directory: string): string[] {
  const options = {
    port: String(port),
    bind: '127.0.0.1',
    dir: directory,
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    'auto-aof-rewrite-percentage': '0',
    'maxmemory-policy': 'noeviction',
    // As in the Redis that comes along with `npm start` and the compose file; for both contenders.
    'hash-max-listpack-value': '1024',
  };
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
}

async function answersPing(url: string): Promise<true> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
    return true;
  } finally {
    redis.disconnect();
  }
}
