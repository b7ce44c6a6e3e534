import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Broker } from './start-broker.ts';

const CLI = join(import.meta.dirname, '../../packages/cli/understudy.mjs');

export interface CliOptions {
  /** Of the process; no terminal, so standard input is empty unless told. */
  input?: string;
  cwd?: string;
  environment?: Readonly<Record<string, string>>;
}

/** What a command that has ended left. */
export interface CliResult {
  /** An exit code, or a signal's name. */
  code: number | string;
  stdout: string;
  stderr: string;
}

/** The command as a process, which a test can kill. */
export interface CliProcess {
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has said something, or has ended. */
  firstOutput: Promise<void>;
  /** Resolves when it has ended. */
  result: Promise<CliResult>;
}

/** Starts `understudy <args>` against a broker, with its key. */
export function startCli(
  broker: Pick<Broker, 'url' | 'apiKey'>,
  args: readonly string[],
  options: CliOptions = {},
): CliProcess {
  const { input = '', cwd, environment = {} } = options;
  const child = spawn(process.execPath, [CLI, ...args], {
    env: {
      PATH: process.env['PATH'],
      UNDERSTUDY_URL: broker.url,
      UNDERSTUDY_API_KEY: broker.apiKey,
      ...environment,
    },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A command that reads nothing may be gone before it was given anything.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const spoken = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.once('data', () => spoken.resolve());
    stream.once('end', () => spoken.resolve());
  }
  const collect = async (): Promise<CliResult> => {
    const closed = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [code, signal]: unknown[] = await closed;
    return { code: typeof code === 'number' ? code : String(signal), stdout, stderr };
  };
  const result = collect();
  return { kill: (signal) => void child.kill(signal), firstOutput: spoken.promise, result };
}

/** Runs `understudy <args>` to its end. */
export function runCli(
  broker: Pick<Broker, 'url' | 'apiKey'>,
  args: readonly string[],
  options?: CliOptions,
): Promise<CliResult> {
  return startCli(broker, args, options).result;
}
