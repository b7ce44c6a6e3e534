import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compileCache } from './compile-cache.ts';

const SERVICES_FOLDER = join(import.meta.dirname, '../../services');
const KILL_AFTER_MS = 45_000;

/** One real service as a child process. */
export interface ServiceProcess {
  readonly name: string;
  readonly pid: number;
  /** Everything it wrote so far, a line each. */
  readonly output: readonly string[];
  /** Resolves with what it ended with: an exit code or a signal's name. */
  readonly ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL if that is not enough. */
  stop(): Promise<void>;
}

/**
 * Starts `services/<name>/src/main.ts` with the Node that runs the tests.
 * @param folder of the services; of this release unless told
 */
export async function startService(
  name: string,
  env: Readonly<Record<string, string>>,
  folder: string = SERVICES_FOLDER,
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [join(folder, name, 'src/main.ts')], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: compileCache,
      LOG_LEVEL: 'warn',
      ...env,
    },
    // By the channel it notices that the test run was killed.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = once(child, 'close').then(([code, signal]: unknown[]) =>
    typeof code === 'number' ? code : String(signal),
  );
  const output = collectLines(child);
  await once(child, 'spawn');
  return {
    name,
    pid: child.pid ?? 0,
    output,
    ended,
    kill: (signal) => {
      child.kill(signal);
    },
    stop: async () => {
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await ended;
      clearTimeout(impatience);
    },
  };
}

function collectLines(child: ChildProcess): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  return lines;
}
