import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findFreePort } from '../../../../test/support/free-port.ts';
import { serverProgram, waitForAnswer } from '../../../../test/support/local-redis.ts';

export interface MortalRedis {
  url: string;
  /** Comes up with what it acknowledged before. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** It keeps its connections and answers nothing. */
  pause(): void;
}

/** A Redis of this test's own that can die and come back; not started yet. */
export async function mortalRedis(): Promise<MortalRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-api-redis-'));
  const port = await findFreePort();
  const url = `redis://127.0.0.1:${port}`;
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
  const durable = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
  let server: ReturnType<typeof spawn> | undefined;
  const kill = async (): Promise<void> => {
    if (server === undefined) return;
    const ended = once(server, 'close');
    server.kill('SIGKILL');
    server = undefined;
    await ended;
  };
  onTestFinished(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    url,
    kill,
    pause: () => void server?.kill('SIGSTOP'),
    start: async () => {
      server = spawn(serverProgram(), [...place, ...durable], { stdio: 'ignore' });
      await waitForAnswer(url);
    },
  };
}
