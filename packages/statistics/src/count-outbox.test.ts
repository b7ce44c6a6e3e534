import type { OutboxEntry } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { countOutbox } from './count-outbox.ts';
import { readBuckets } from './read-statistics.ts';
import { requestsLastMinute } from './request-rate.ts';
import type { Scope } from './statistics-keys.ts';
import { summarizeStatistics } from './summarize-statistics.ts';
import { NOON, outboxEntry, tallied } from './testing/outbox-entry.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

function openCounts() {
  const redis = openTestRedis();
  const prefix = uniqueKeyPrefix();
  const range = { from: NOON, to: NOON + 2 * MINUTE_MS };
  return {
    redis,
    prefix,
    count: (entries: Record<number, readonly OutboxEntry[]>) =>
      countOutbox(
        redis,
        prefix,
        new Map(Object.entries(entries).map(([shard, rows]) => [Number(shard), rows])),
        () => undefined,
      ),
    read: async (scope: Scope = { project: 'acme' }) =>
      summarizeStatistics(
        await readBuckets(redis, prefix, scope, { resolution: 'minute', ...range }),
      ),
  };
}

/** Accepted jobs, one entry each, at these milliseconds after noon. */
const accepted = (...times: number[]): OutboxEntry[] =>
  times.map((time) => outboxEntry({ entryId: `${NOON + time}-0`, id: `job_${time}` }));

/** An entry of a change at noon with this number. */
const numbered = (sequence: number): OutboxEntry =>
  outboxEntry({ entryId: `${NOON}-${sequence}`, id: `job_${sequence}` });

/** A job that ended well after noon, at a price of half a dollar. */
const completed = (time: number, attempts = [tallied('a')]): OutboxEntry =>
  outboxEntry({
    entryId: `${NOON + time}-0`,
    version: 3,
    status: 'completed',
    spent: 0.5,
    tally: { attempts },
  });

test('the same entries counted again, whole or with new ones, count once', async () => {
  const { count, read } = openCounts();
  const first = { 3: accepted(1, 2), 9: accepted(5) };
  await count(first);
  await count(first);
  await count({ 3: accepted(1, 2, 10, 11), 9: accepted(5), 60: accepted(7) });
  await count({ 3: accepted(11), 60: accepted(7) });
  const { buckets } = await read();
  expect(buckets.map(({ at, accepted: jobs }) => [at - NOON, jobs])).toEqual([
    [0, 6],
    [MINUTE_MS, 0],
  ]);
});

test('an id with more digits comes after one with fewer', async () => {
  const { count, read } = openCounts();
  await count({ 1: [numbered(9)] });
  await count({ 1: [numbered(9), numbered(10), numbered(100)] });
  expect((await read()).buckets[0]?.accepted).toBe(3);
});

test('two relays at a time count every entry once', async () => {
  const { count, read } = openCounts();
  const times = Array.from({ length: 40 }, (_, index) => index + 1);
  await Promise.all(
    times.flatMap((last) => [
      count({ 1: accepted(...times.slice(0, last)) }),
      count({ 1: accepted(...times.slice(0, last)) }),
    ]),
  );
  expect((await read()).buckets[0]?.accepted).toBe(40);
});

test('projects are counted apart, and all of them together', async () => {
  const { count, read } = openCounts();
  const theirs = outboxEntry({ entryId: `${NOON + 2}-0`, project: 'other', id: 'job_2' });
  await count({ 1: [...accepted(1), theirs] });
  expect((await read()).buckets[0]?.accepted).toBe(1);
  expect((await read({ project: 'other' })).buckets[0]?.accepted).toBe(1);
  expect((await read({ project: 'nobody' })).buckets[0]?.accepted).toBe(0);
  expect((await read('all_projects')).buckets[0]?.accepted).toBe(2);
});

test('what happened in a minute is in its minute and in its hour, each kept for its time', async () => {
  const { count, redis, prefix } = openCounts();
  await count({ 1: accepted(10, MINUTE_MS + 10, HOUR_MS + 10) });
  const scope: Scope = { project: 'acme' };
  const hours = await readBuckets(redis, prefix, scope, {
    resolution: 'hour',
    from: NOON,
    to: NOON + 2 * HOUR_MS,
  });
  expect(hours.map(({ counts }) => counts.get('a'))).toEqual([2, 1]);
  const expiries = await Promise.all(
    [`minute:${NOON / 1000}`, `hour:${NOON / 1000}`].map((name) =>
      redis.call('PEXPIRETIME', `${prefix}:{p:acme}:statistics:${name}`),
    ),
  );
  expect(expiries.map((at) => Number(at) - NOON)).toEqual([25 * HOUR_MS, 192 * HOUR_MS]);
});

test('calls, errors, latency and flows of a provider are told over the buckets asked for', async () => {
  const { count, read } = openCounts();
  const failed = tallied('a', { outcome: 'failed', rule: 'default.status_500' });
  await count({
    1: [
      completed(1),
      completed(2, [failed, tallied('b', { durationMs: 2000 })]),
      completed(MINUTE_MS, [failed, failed, tallied('b', { durationMs: 2000 })]),
    ],
  });
  const { buckets, providers, flows } = await read();
  expect(buckets.map((bucket) => [bucket.completed, bucket.costUsd])).toEqual([
    [2, 1],
    [1, 0.5],
  ]);
  const [a, b] = providers;
  expect(a).toMatchObject({
    provider: 'a',
    attempts: 4,
    succeeded: 1,
    failed: 3,
    skipped: 0,
    errors: [{ rule: 'default.status_500', count: 3 }],
    buckets: [
      { at: NOON, succeeded: 1, failed: 1, errors: { 'default.status_500': 1 } },
      { at: NOON + MINUTE_MS, succeeded: 0, failed: 2, errors: { 'default.status_500': 2 } },
    ],
  });
  expect(b?.latency?.p50Ms).toBeGreaterThan(1600);
  expect(b?.latency?.p95Ms).toBeLessThan(2400);
  expect(flows).toEqual([{ from: 'a', to: 'b', count: 2 }]);
});

test('the calls of the last minute are those of this one and the share of the one before', async () => {
  const { count, redis, prefix } = openCounts();
  const skipped = tallied('b', { outcome: 'skipped', rule: 'no_worker' });
  const times = [1, 2, 3, 4, MINUTE_MS];
  await count({ 1: times.map((time) => completed(time, [tallied('a'), skipped])) });
  const halfPast = NOON + 1.5 * MINUTE_MS;
  expect([...(await requestsLastMinute(redis, prefix, halfPast))]).toEqual([['a', 3]]);
  expect([...(await requestsLastMinute(redis, prefix, NOON + 4 * MINUTE_MS))]).toEqual([]);
});
