import { createLogger, openRedis } from '@understudy/runtime';
import { expect, onTestFinished, test, vi } from 'vitest';
import { testRedisUrl, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { openQueueHandle } from './queue-handle.ts';
import { createQueueProducer } from './queue-producer.ts';
import { NOON } from './testing/line.ts';
import { createWebhookTurns } from './webhook-turns.ts';

/** A connection of requests, which gives up what Redis does not answer in time. */
function openRequests() {
  const redis = openRedis(testRedisUrl(), 'request', createLogger('test', 'silent'));
  onTestFinished(() => redis.disconnect());
  return { redis, keyPrefix: uniqueKeyPrefix() };
}

test('a queue that is opened while Redis is slow works as soon as Redis does', async () => {
  const { redis, keyPrefix } = openRequests();
  await vi.waitFor(() => expect(redis.status).toBe('ready'));
  vi.spyOn(redis, 'info').mockRejectedValue(new Error('Command timed out'));
  const producer = createQueueProducer(redis, keyPrefix);
  onTestFinished(() => producer.close());
  const turns = createWebhookTurns(redis, keyPrefix);
  onTestFinished(() => turns.close());
  await turns.add({ endpoint: 'we_1', turn: 1 }, 1000);
  const entry = { project: 'acme', id: 'job_1', turn: 1 };
  const place = { project: 'acme', priority: 5, submittedAt: NOON, comesBack: false } as const;
  await producer.enter('a', entry, place, NOON);
  expect(await producer.counts('a')).toEqual({ waiting: 1, active: 0, resting: 0 });
});

test('a queue that is opened while Redis is away fails at once, and works when it is back', async () => {
  const { redis, keyPrefix } = openRequests();
  const queue = openQueueHandle('{a}', { connection: redis, prefix: keyPrefix });
  onTestFinished(() => queue.close());
  await expect(queue.getJobCounts('waiting')).rejects.toThrow(/enableOfflineQueue/);
  await vi.waitFor(() => expect(redis.status).toBe('ready'));
  expect(await queue.getJobCounts('waiting')).toEqual({ waiting: 0 });
});
