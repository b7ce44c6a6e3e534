import { ensureBuilt } from './build-console.ts';

/** Run before the start and before the tests; a console that is up to date takes milliseconds. */
try {
  await ensureBuilt();
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`understudy: the console could not be built: ${reason}\n`);
  process.exitCode = 1;
}
// The channel to the parent would keep this process alive.
if (process.connected) process.disconnect();
