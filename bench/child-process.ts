import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { isRecorderAnswer, type RecorderMessage } from './profiling/recorder-message.ts';

const RECORDER = new URL('profiling/recorder.ts', import.meta.url);

/** A process of the benchmark. Its errors go to this process's stderr. */
export interface BenchProcess {
  name: string;
  pid: number;
  /** Only of a process that was started to be profiled. */
  recorder?: Recorder;
  /** SIGTERM, then SIGKILL after 15 s. Safe to call twice. */
  stop(): Promise<void>;
}

/** Records the CPU of a process between two moments. */
export interface Recorder {
  start(): Promise<void>;
  /** Resolves when the profile stands at `path`. */
  stop(path: string): Promise<void>;
}

export function startProcess(
  name: string,
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
  { profiled = false } = {},
): BenchProcess {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', ...(profiled ? (['ipc'] as const) : [])],
  });
  child.on('error', (error) => console.error(`${name}: ${error.message}`));
  if (child.pid === undefined) throw new Error(`${name} did not start: is ${program} installed?`);
  const ended = once(child, 'exit');
  // However the benchmark itself ends, no process stays behind.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let stopping = false;
  child.once('exit', (code, signal) => {
    process.off('exit', kill);
    if (!stopping) console.error(`${name} ended by itself (${code ?? signal})`);
  });
  return {
    name,
    pid: child.pid,
    ...(profiled ? { recorder: recorderOf(child) } : {}),
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      const late = new AbortController();
      const killed = delay(15_000, undefined, { signal: late.signal }).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      );
      await ended;
      late.abort();
      await killed;
    },
  };
}

function recorderOf(child: ChildProcess): Recorder {
  const obeyed = async (message: RecorderMessage): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    // A service may have messages of its own for whoever started it.
    const listen = (answer: unknown) => {
      if (isRecorderAnswer(answer)) resolve();
    };
    child.on('message', listen);
    child.send(message);
    await promise;
    child.off('message', listen);
  };
  return {
    start: () => obeyed({ kind: 'start' }),
    stop: (path) => obeyed({ kind: 'stop', path }),
  };
}

/** Runs a TypeScript file of this repository. */
export function startNode(
  name: string,
  file: URL,
  environment: Readonly<Record<string, string>>,
  { profiled = false } = {},
): BenchProcess {
  const recording = profiled ? ['--import', RECORDER.href] : [];
  const command = [process.execPath, ...recording, file.pathname] as const;
  return startProcess(name, command, environment, { profiled });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** Tries again and again until `attempt` gives a value. @throws Error with the last reason */
export async function eventually<Value>(
  what: string,
  timeoutMs: number,
  attempt: () => Promise<Value | undefined>,
  intervalMs = 50,
): Promise<Value> {
  const startedAt = performance.now();
  let reason: unknown;
  while (performance.now() - startedAt < timeoutMs) {
    try {
      const value = await attempt();
      if (value !== undefined) return value;
    } catch (error) {
      reason = error;
    }
    await delay(intervalMs);
  }
  throw new Error(`${what} was not there after ${timeoutMs} ms`, { cause: reason });
}
