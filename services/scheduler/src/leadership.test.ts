import { createLogger } from '@understudy/runtime';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { createLeadership } from './leadership.ts';
import type { Leadership } from './leadership.ts';

function replica(prefix: string): Leadership {
  const leadership = createLeadership(openTestRedis(), prefix, createLogger('test', 'silent'));
  onTestFinished(() => leadership.close());
  return leadership;
}

test('one of several replicas leads, and another one as soon as it stops', async () => {
  const prefix = uniqueKeyPrefix();
  const replicas = [replica(prefix), replica(prefix), replica(prefix)];
  const leaders = (): Leadership[] => replicas.filter((one) => one.isLeader());
  await vi.waitFor(() => expect(leaders()).toHaveLength(1));
  const [first] = leaders();
  await first!.close();
  expect(first!.isLeader()).toBe(false);
  await vi.waitFor(() => expect(leaders()).toHaveLength(1), { timeout: 4000 });
  expect(leaders()[0]).not.toBe(first);
});

test('brokers that share a Redis under other prefixes have leaders of their own', async () => {
  const [one, two] = [replica(uniqueKeyPrefix()), replica(uniqueKeyPrefix())];
  await vi.waitFor(() => expect([one.isLeader(), two.isLeader()]).toEqual([true, true]));
});
