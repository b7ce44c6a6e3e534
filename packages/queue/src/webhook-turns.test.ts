import { createLogger } from '@understudy/runtime';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { createWebhookTurns, serveWebhookTurns } from './webhook-turns.ts';
import type { WebhookTurn } from './webhook-turns.ts';

function openTurns(serve: (turn: WebhookTurn) => Promise<void>) {
  const [redis, keyPrefix] = [openTestRedis(), uniqueKeyPrefix()];
  const turns = createWebhookTurns(redis, keyPrefix);
  onTestFinished(() => turns.close());
  const logger = createLogger('test', 'silent');
  const start = () => {
    const options = { keyPrefix, concurrency: 4, logger };
    const consumer = serveWebhookTurns(openTestRedis(), options, serve);
    onTestFinished(() => consumer.close());
    return consumer;
  };
  return { redis, keyPrefix, turns, start };
}

test('a turn that is added twice is served once', async () => {
  const served: string[] = [];
  const { turns, start } = openTurns(async ({ endpoint, turn }) => {
    served.push(`${endpoint}.${turn}`);
  });
  await turns.add({ endpoint: 'we_1', turn: 1 }, 0);
  await turns.add({ endpoint: 'we_1', turn: 1 }, 0);
  await turns.add({ endpoint: 'we_1', turn: 2 }, 0);
  start();
  await vi.waitFor(() => expect(served).toContain('we_1.2'));
  expect(served).toEqual(['we_1.1', 'we_1.2']);
});

test('a turn is not served before its delay is over', async () => {
  const servedAt = Promise.withResolvers<number>();
  const { turns, start } = openTurns(async () => servedAt.resolve(performance.now()));
  start();
  const addedAt = performance.now();
  await turns.add({ endpoint: 'we_1', turn: 1 }, 300);
  expect((await servedAt.promise) - addedAt).toBeGreaterThanOrEqual(299);
});

test('a turn whose handler throws comes again', async () => {
  let times = 0;
  const served = Promise.withResolvers<void>();
  const { turns, start } = openTurns(async () => {
    times += 1;
    if (times === 1) throw new Error('Redis is away');
    served.resolve();
  });
  start();
  await turns.add({ endpoint: 'we_1', turn: 1 }, 0);
  await served.promise;
  expect(times).toBe(2);
});
