import { randomUUID } from 'node:crypto';
import { inject, onTestFinished } from 'vitest';
import { createLogger, openRedis, openSubscriber } from '../../packages/runtime/src/index.ts';
import type { Redis, Subscriber } from '../../packages/runtime/src/index.ts';

/** The Redis of this test run: one server, or with UNDERSTUDY_TEST_REDIS=cluster three masters. */
export function testRedisUrl(): string {
  return process.env['UNDERSTUDY_TEST_REDIS_URL'] ?? inject('redisUrl');
}

/** One server of it, for what concerns a connection alone. It may not have the slot of a key. */
export function testServerUrl(): string {
  return testRedisUrl().replace(/^redis\+cluster:\/\/([^,]+),.*$/, 'redis://$1');
}

/** A prefix no other test uses, so that tests share one Redis unharmed. */
export function uniqueKeyPrefix(): string {
  return `test-${randomUUID().slice(0, 13)}`;
}

/** A connection of this test, closed when it ends. */
export function openTestRedis(): Redis {
  const redis = connectToTestRedis();
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** A connection for longer than a test; the caller closes it. */
export function connectToTestRedis(url = testRedisUrl()): Redis {
  return openRedis(url, 'patient', createLogger('test', 'silent'));
}

/** A connection of this test for subscriptions. */
export function openTestSubscriber(): Subscriber {
  const subscriber = openSubscriber(testRedisUrl(), createLogger('test', 'silent'));
  onTestFinished(() => subscriber.disconnect());
  return subscriber;
}
