import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A process of the benchmark. Its errors go to this process's stderr. */
export interface BenchProcess {
  name: string;
  pid: number;
  /** SIGTERM, then SIGKILL after 15 s. Safe to call twice. */
  stop(): Promise<void>;
}

export function startProcess(
  name: string,
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): BenchProcess {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
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

/** Runs a TypeScript file of this repository. */
export function startNode(
  name: string,
  file: URL,
  environment: Readonly<Record<string, string>>,
): BenchProcess {
  return startProcess(name, [process.execPath, file.pathname], environment);
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

/** Tries every 50 ms until `attempt` gives a value. @throws Error with the last reason */
export async function eventually<Value>(
  what: string,
  timeoutMs: number,
  attempt: () => Promise<Value | undefined>,
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
    await delay(50);
  }
  throw new Error(`${what} was not there after ${timeoutMs} ms`, { cause: reason });
}
