import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { inject, onTestFinished } from 'vitest';

/** The Redis of this test run. */
export function testRedisUrl(): string {
  return process.env['UNDERSTUDY_TEST_REDIS_URL'] ?? inject('redisUrl');
}

/** A prefix no other test uses, so that tests share one Redis unharmed. */
export function uniqueKeyPrefix(): string {
  return `test-${randomUUID().slice(0, 13)}`;
}

/** A connection of this test, closed when it ends. */
export function openTestRedis(): Redis {
  const redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: null });
  onTestFinished(() => redis.disconnect());
  return redis;
}
