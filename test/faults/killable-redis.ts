import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../support/free-port.ts';
import { REDIS_ARGUMENTS, serverProgram, waitForAnswer } from '../support/local-redis.ts';

/** A Redis that a test owns, kills and starts again on the same port and data. */
export interface KillableRedis extends AsyncDisposable {
  url: string;
  /** Where the data lies. */
  folder: string;
  /** Starts it on the data that lies there and resolves when it answers. */
  start(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

export interface KillableRedisOptions {
  /** Replace or follow the arguments that the broker demands. */
  arguments?: readonly string[];
  environment?: Readonly<Record<string, string>>;
}

/** Runs, with an append-only file that is flushed before each answer, until it is disposed of. */
export async function startKillableRedis(
  options: KillableRedisOptions = {},
): Promise<KillableRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-faults-'));
  const port = await findFreePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | undefined;

  const start = async () => {
    const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
    server = spawn(serverProgram(), [...place, ...REDIS_ARGUMENTS, ...(options.arguments ?? [])], {
      stdio: 'ignore',
      env: { ...process.env, ...options.environment },
    });
    await once(server, 'spawn');
    await waitForAnswer(url);
  };
  const kill = async () => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'close');
    server.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    url,
    folder,
    start,
    kill,
    [Symbol.asyncDispose]: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
