import { createLogger } from '@understudy/runtime';
import { Queue, Worker } from 'bullmq';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { queueTroubleReporter } from './queue-trouble.ts';

test('turns whose lock was lost are told of in one line that says what it means', async () => {
  const lines: string[] = [];
  const logger = createLogger('test', 'warn', { write: (line) => lines.push(line) });
  const report = vi.fn<(error: Error) => void>(queueTroubleReporter(logger, { provider: 'a' }));
  const connection = openTestRedis();
  const prefix = uniqueKeyPrefix();
  const queue = new Queue('{a}', { connection, prefix });
  const loseLock = async (id = ''): Promise<void> => {
    await connection.del(`${prefix}:{a}:${id}:lock`);
  };
  const worker = new Worker('{a}', async ({ id }) => loseLock(id), { connection, prefix });
  onTestFinished(async () => {
    await worker.close();
    await queue.close();
  });
  worker.on('error', report);
  await queue.addBulk(['one', 'two'].map((name) => ({ name, data: {} })));
  await vi.waitFor(() => expect(report.mock.calls.length).toBeGreaterThan(1), { timeout: 10_000 });
  report(new Error('could not renew lock for job 1'));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { provider: 'a', msg: expect.stringContaining('another may have taken them over') },
  ]);
  report(new Error('Socket timeout. Expecting data, but did not receive any in 20000ms.'));
  expect(lines).toHaveLength(1);
  report(new Error('something else'));
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    msg: 'queue trouble',
    reason: 'something else',
  });
});
