import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKillableRedis } from './killable-redis.ts';
import type { KillableRedis } from './killable-redis.ts';

/** A Redis whose machine can lose its power. */
export interface PowerlessRedis extends KillableRedis {
  /**
   * Kills Redis, and cuts from its append-only files every byte that no successful fsync covered.
   * @returns how many bytes were cut
   */
  losePower(): Promise<number>;
}

const COMPILER = process.env['CC'] ?? 'cc';

/** Whether this machine can build the library that watches what is flushed. */
export function canRecordFsync(): boolean {
  return spawnSync(COMPILER, ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * What it simulates: the loss of every byte that was written and not flushed, at a random moment,
 * on a disk that keeps what it has flushed and every earlier name. A real disk may keep more.
 */
export async function startPowerlessRedis(
  appendfsync: 'always' | 'everysec',
): Promise<PowerlessRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-fsync-'));
  const library = join(folder, 'record-fsync.so');
  const record = join(folder, 'flushed');
  const source = join(import.meta.dirname, 'record-fsync.c');
  execFileSync(COMPILER, ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']);
  const redis = await startKillableRedis({
    // A rewrite would replace the files that are watched.
    arguments: ['--appendfsync', appendfsync, '--auto-aof-rewrite-percentage', '0'],
    environment: { LD_PRELOAD: library, FSYNC_RECORD: record },
  });
  return {
    ...redis,
    losePower: async () => {
      await redis.kill();
      const flushed = readRecord(record);
      const files = join(redis.folder, 'appendonlydir');
      let cut = 0;
      for (const name of readdirSync(files).filter((file) => file.endsWith('.aof'))) {
        const path = join(files, name);
        const { size } = statSync(path);
        // The base file is written once, before the first command, and flushed with its name.
        const kept = flushed.get(path) ?? (name.endsWith('.incr.aof') ? 0 : size);
        if (kept >= size) continue;
        truncateSync(path, kept);
        cut += size - kept;
      }
      return cut;
    },
    [Symbol.asyncDispose]: async () => {
      await redis[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The longest flushed length of each file. */
function readRecord(path: string): Map<string, number> {
  const flushed = new Map<string, number>();
  if (!existsSync(path)) throw new Error('Redis has flushed nothing: is the library preloaded?');
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, bytes, file] = /^(\d+) (.+)$/.exec(line) ?? [];
    if (bytes === undefined || file === undefined) continue;
    flushed.set(file, Math.max(flushed.get(file) ?? 0, Number(bytes)));
  }
  return flushed;
}
