import { expect, test } from 'vitest';
import { judgeRedisConfig } from './redis-durability.ts';

const safe = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' };
const judge = (config: Record<string, string>) => judgeRedisConfig(new Map(Object.entries(config)));

test('a Redis that fsyncs every write and evicts nothing is taken', () => {
  expect(judge(safe)).toEqual({ problems: [], warnings: [] });
});

test('a Redis without an append-only file is refused with the remedy', () => {
  const { problems } = judge({ ...safe, appendonly: 'no' });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('appendonly yes');
});

test('a Redis that evicts is refused, whatever its policy is called', () => {
  for (const policy of ['allkeys-lru', 'volatile-ttl']) {
    expect(judge({ ...safe, 'maxmemory-policy': policy }).problems[0]).toContain(policy);
  }
});

test('an fsync a second is a warning: a crash of Redis loses nothing, a power loss may', () => {
  const { problems, warnings } = judge({ ...safe, appendfsync: 'everysec' });
  expect(problems).toEqual([]);
  expect(warnings[0]).toContain('power loss');
});
