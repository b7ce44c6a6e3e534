import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

/**
 * Runs the embedded Redis and outlives a killed start command just long enough: once the channel
 * to it is gone, Redis is stopped as soon as the services have let go of it.
 * Arguments: Redis program, its configuration file. Environment: GUARDED_REDIS_URL.
 */
const LONGEST_WAIT_MS = 45_000;
const LOOK_AGAIN_MS = 500;

const [program = '', configurationPath = ''] = process.argv.slice(2);
const server = spawn(program, [configurationPath], { stdio: ['ignore', 'inherit', 'inherit'] });
server.once('error', (error) => {
  process.stderr.write(`${program} cannot run: ${error.message}\n`);
  process.exit(1);
});
server.once('close', (code) => process.exit(code ?? 1));

process.on('SIGTERM', () => server.kill('SIGTERM'));
process.on('SIGINT', () => server.kill('SIGTERM'));
process.on('disconnect', () => void stopWhenUnused());

async function stopWhenUnused(): Promise<void> {
  await waitUntilUnused().catch(() => undefined);
  server.kill('SIGTERM');
}

async function waitUntilUnused(): Promise<void> {
  const redis = new Redis(process.env['GUARDED_REDIS_URL'] ?? '', { retryStrategy: () => null });
  // Its failures arrive at the command that failed.
  redis.on('error', () => undefined);
  const deadline = performance.now() + LONGEST_WAIT_MS;
  try {
    while (performance.now() < deadline) {
      const clients = await redis.info('clients');
      if (/^connected_clients:1\r?$/m.test(clients)) return;
      await sleep(LOOK_AGAIN_MS);
    }
  } finally {
    redis.disconnect();
  }
}
