import { ConfigurationError } from '@understudy/configuration';
import { readCommandLine } from '../command-line.mjs';
import { createStandalone } from './standalone.ts';
import { StartError } from './start-error.ts';

/** One Ctrl-C may arrive twice: from the terminal and passed on by npm. */
const SAME_KEY_PRESS_MS = 1_000;

const write = (text: string) => process.stdout.write(text);
const standalone = createStandalone(
  readCommandLine(process.argv.slice(2), process.env),
  process.env,
  write,
);

let stoppingSince: number | undefined;

async function stop(exitCode: number): Promise<void> {
  if (stoppingSince !== undefined) {
    if (performance.now() - stoppingSince < SAME_KEY_PRESS_MS) return;
    write('Stopping at once.\n');
    standalone.kill();
    process.exit(1);
  }
  stoppingSince = performance.now();
  await standalone.stop();
  process.exit(exitCode);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stoppingSince === undefined) write('\nStopping; again Ctrl-C stops at once ...\n');
    void stop(0);
  });
}
// The command that started this process is gone.
process.on('disconnect', () => void stop(1));
// A terminal that is closed must not keep the services running.
process.stdout.on('error', () => undefined);

try {
  await standalone.start();
} catch (error) {
  // A start that was interrupted has already begun to stop.
  if (stoppingSince === undefined) {
    process.stderr.write(`understudy: ${explain(error)}\n`);
    await stop(1);
  }
}

function explain(error: unknown): string {
  if (error instanceof ConfigurationError) {
    const problems = error.problems.map((problem) => `  - ${problem}`).join('\n');
    const what = error.file === undefined ? 'the configuration' : `the configuration ${error.file}`;
    return `${what} has ${error.problems.length === 1 ? 'a problem' : `${error.problems.length} problems`}:\n${problems}`;
  }
  if (error instanceof StartError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
