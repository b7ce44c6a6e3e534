import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { SHARD_COUNT, jobKeys, parseMember, shardOf } from './job-keys.ts';
import { clusterSlot } from './testing/cluster-slot.ts';

const ids = Array.from({ length: 6400 }, () => `job_${randomUUID()}`);

test('the slot is the one that Redis Cluster computes', () => {
  // The specification's own examples.
  expect(clusterSlot('123456789')).toBe(0x31c3);
  expect(clusterSlot('{user1000}.following')).toBe(clusterSlot('{user1000}.followers'));
});

test('all keys that one script changes together share a hash slot', () => {
  for (const id of ids) {
    const { record, request, attempts, result, tombstone, due, outbox } = jobKeys('p', {
      project: 'acme',
      id,
    });
    const slots = [record, request, attempts, result, tombstone, due, outbox].map(clusterSlot);
    expect(new Set(slots).size).toBe(1);
  }
});

test('the shards lie in slots of their own', () => {
  const slots = ids.map((id) => clusterSlot(jobKeys('p', { project: 'acme', id }).record));
  expect(new Set(slots).size).toBe(SHARD_COUNT);
});

test('jobs spread evenly over the shards', () => {
  const counts = Array.from({ length: SHARD_COUNT }, () => 0);
  for (const id of ids) counts[shardOf(id)]! += 1;
  expect(Math.min(...counts)).toBeGreaterThan(50);
  expect(Math.max(...counts)).toBeLessThan(160);
});

test('every key of a job says whose it is, and its member in shared sets too', () => {
  const keys = jobKeys('p', { project: 'acme', id: 'job_1' });
  const { record, request, attempts, result, tombstone, member } = keys;
  for (const key of [record, request, attempts, result, tombstone, member]) {
    expect(key).toContain('acme');
    expect(key).toContain('job_1');
  }
});

test('a member of a shared set names its job', () => {
  const job = { project: 'acme', id: 'job_1' };
  expect(parseMember(jobKeys('p', job).member)).toEqual(job);
});
