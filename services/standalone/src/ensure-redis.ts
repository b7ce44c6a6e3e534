import { ensureRedis } from './install-redis.ts';
import { StartError } from './start-error.ts';

/** Run before the tests: a Redis server must be there unless REDIS_URL names one. */
if ((process.env['REDIS_URL'] ?? '') === '') {
  try {
    ensureRedis({
      searchPath: process.env['PATH'] ?? '',
      isRoot: process.getuid?.() === 0,
      install: true,
      say: (line) => process.stdout.write(`${line}\n`),
    });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`understudy: ${error.message}\n`);
    process.exitCode = 1;
  }
}
// The channel to the parent would keep this process alive.
if (process.connected) process.disconnect();
