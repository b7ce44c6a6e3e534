import { createLogger, openRedis } from '@understudy/runtime';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startLocalServer } from '../../../test/support/local-redis.ts';
import { uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { startQueueConsumer } from './queue-consumer.ts';
import { serveWebhookTurns } from './webhook-turns.ts';

test('while Redis is away its connections say so, and no queue repeats it', async () => {
  const server = await startLocalServer([]);
  const lines: string[] = [];
  const logger = createLogger('test', 'warn', { write: (line) => lines.push(line) });
  const keyPrefix = uniqueKeyPrefix();
  const open = () => {
    const redis = openRedis(server.url, 'patient', logger);
    onTestFinished(() => redis.disconnect());
    return redis;
  };
  const redis = open();
  const refused = vi.fn<(error: Error) => void>();
  redis.on('error', refused);
  await startQueueConsumer(
    redis,
    { provider: 'a', keyPrefix, concurrency: 1, logger },
    async () => 'served',
  );
  serveWebhookTurns(open(), { keyPrefix, concurrency: 1, logger }, async () => undefined);
  await server.stop();
  await vi.waitFor(() => expect(refused.mock.calls.length).toBeGreaterThan(3), { timeout: 15_000 });
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['Redis does not answer']);
});
