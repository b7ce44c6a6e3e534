import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 10_000;
/** A process that ran this long has started well: its next end counts as the first. */
const STABLE_MS = 30_000;
/** One that cannot start ends sooner than this. */
const STARTED_MS = 3_000;

export interface ProcessDefinition {
  name: string;
  /** TypeScript file and its arguments, run by this process's own Node. */
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  onLine(line: string): void;
  /** Told when the process ended without being asked to. `failures` counts since it last ran well. */
  onUnexpectedEnd(end: { reason: string; failures: number; restartInMs: number }): void;
  /** Told when a process that was started again has not ended for three seconds. */
  onRunningAgain(): void;
}

export interface SupervisedProcess {
  readonly name: string;
  /**
   * SIGTERM, after `graceMs` SIGKILL for it and all that it started; resolves when they are gone
   * for good.
   */
  stop(graceMs: number): Promise<void>;
  /** SIGKILL for it and all that it started. */
  kill(): void;
}

/** Keeps one process running until it is stopped, starting it again with growing pauses. */
export function superviseProcess(definition: ProcessDefinition): SupervisedProcess {
  let child: ChildProcess;
  let restart: NodeJS.Timeout | undefined;
  let running: NodeJS.Timeout | undefined;
  let failures = 0;
  let stopping = false;
  let gone = Promise.withResolvers<void>();

  const start = () => {
    gone = Promise.withResolvers<void>();
    const startedAt = performance.now();
    child = spawnService(definition);
    if (failures > 0) running = setTimeout(definition.onRunningAgain, STARTED_MS);
    child.once('close', (code, signal) => {
      clearTimeout(running);
      gone.resolve();
      if (stopping) return;
      failures = performance.now() - startedAt > STABLE_MS ? 1 : failures + 1;
      const restartInMs = Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), LONGEST_BACKOFF_MS);
      restart = setTimeout(start, restartInMs);
      const reason = signal === null ? `exit code ${code}` : `signal ${signal}`;
      definition.onUnexpectedEnd({ reason, failures, restartInMs });
    });
  };
  start();

  return {
    name: definition.name,
    stop: async (graceMs) => {
      stopping = true;
      clearTimeout(restart);
      clearTimeout(running);
      child.kill('SIGTERM');
      const impatience = setTimeout(() => killGroup(child), graceMs);
      await gone.promise;
      clearTimeout(impatience);
    },
    kill: () => {
      stopping = true;
      clearTimeout(restart);
      killGroup(child);
    },
  };
}

/** A process that a killed one leaves behind would keep its output open, and so its end waiting. */
function killGroup({ pid, stdout }: ChildProcess): void {
  // Closed output means that the whole group has ended; its number may belong to another by now.
  if (pid === undefined || stdout?.closed) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}

function spawnService(definition: ProcessDefinition): ChildProcess {
  const child = spawn(process.execPath, definition.args, {
    env: definition.env,
    // A group of its own: Ctrl-C reaches only the supervisor, which ends the services in order.
    detached: true,
    // By the channel a service notices that the supervisor was killed.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.on('error', (error) => definition.onLine(error.message));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', (line) => definition.onLine(line));
  }
  return child;
}
