import { join } from 'node:path';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import { runCommandLine } from './program.ts';

/** One Ctrl-C may arrive twice: from the terminal, and passed on by the launcher. */
const SAME_KEY_PRESS_MS = 500;

const interrupt = new AbortController();
let interruptedAt: number | undefined;

function onInterrupt(): void {
  const now = performance.now();
  if (interruptedAt !== undefined && now - interruptedAt > SAME_KEY_PRESS_MS) {
    process.exit(EXIT.interrupted);
  }
  interruptedAt ??= now;
  interrupt.abort(new CommandError('interrupted', EXIT.interrupted));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onInterrupt);
// The launcher is gone, and with it whoever waits.
process.on('disconnect', onInterrupt);
// Whoever reads has seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed);
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  signal: interrupt.signal,
  now: Date.now,
  root: join(import.meta.dirname, '../../..'),
});
if (process.connected) process.disconnect();
// Idle connections to the broker would keep it for some seconds.
await Promise.all(
  [process.stdout, process.stderr].map(
    (stream) => new Promise((flushed) => stream.write('', flushed)),
  ),
);
process.exit();
