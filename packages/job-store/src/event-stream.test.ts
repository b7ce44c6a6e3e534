import type { Redis } from '@understudy/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { matchingKeys } from '../../../test/support/matching-keys.ts';
import { openTestRedis, openTestSubscriber, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import {
  STREAM_START,
  appendEvents,
  isBefore,
  lastStreamId,
  readEvents,
  subscribeToEvents,
  trimEvents,
} from './event-stream.ts';
import type { RelayedEntry } from './event-stream.ts';
import { statusEvent } from './public-event.ts';
import { clusterSlot } from './testing/cluster-slot.ts';
import { NOON } from './testing/stored-jobs.ts';

interface Scene {
  redis: Redis;
  prefix: string;
  append(entries: RelayedEntry[], kept?: number): Promise<void>;
  jobs(after?: string): Promise<string[]>;
}

function openScene(): Scene {
  const redis = openTestRedis();
  const prefix = uniqueKeyPrefix();
  return {
    redis,
    prefix,
    append: (entries, kept) => appendEvents(redis, prefix, 'acme', entries, kept),
    jobs: async (after = STREAM_START) => {
      const { events } = await readEvents(redis, prefix, 'acme', after, 10_000);
      return events.map(({ json }) => String(JSON.parse(json).data.id));
    },
  };
}

/** One entry of a shard's outbox that tells of the ends of jobs. */
function entry(shard: number, entryId: string, ...ids: string[]): RelayedEntry {
  const events = ids.map((id) =>
    statusEvent({ id, version: 2, status: 'completed', at: NOON }, undefined),
  );
  return { shard, entryId, events };
}

test('what a relay repeats is appended once, and what is new beside it is appended', async () => {
  const { append, jobs } = openScene();
  await append([entry(3, '100-0', 'job_a'), entry(3, '100-1', 'job_b', 'job_c')]);
  await append([
    entry(3, '100-0', 'job_a'),
    entry(3, '100-1', 'job_b', 'job_c'),
    entry(3, '100-10', 'job_d'),
  ]);
  // Compared as numbers: as text, 99-0 would be newer than 100-10.
  await append([entry(3, '99-0', 'job_old'), entry(3, '100-2', 'job_old')]);
  expect(await jobs()).toEqual(['job_a', 'job_b', 'job_c', 'job_d']);
});

test('shards have their own order: an older entry of another shard is new', async () => {
  const { append, jobs } = openScene();
  await append([entry(3, '100-0', 'job_a')]);
  await append([entry(4, '50-0', 'job_b')]);
  expect(await jobs()).toEqual(['job_a', 'job_b']);
});

test('two relays at the same time append each event once', async () => {
  const { append, jobs } = openScene();
  const entries = Array.from({ length: 500 }, (_, index) =>
    entry(1, `${index + 1}-0`, `job_${index}`),
  );
  await Promise.all([append(entries), append(entries), append(entries)]);
  expect(await jobs()).toEqual(entries.map((_, index) => `job_${index}`));
});

test('events older than the retention are dropped, and the stream says how far', async () => {
  const { redis, prefix, append, jobs } = openScene();
  await append([entry(3, '100-0', 'job_a')]);
  const { events } = await readEvents(redis, prefix, 'acme', STREAM_START, 10);
  const streamId = events[0]?.streamId ?? '';
  const at = Number(streamId.split('-')[0]);
  await trimEvents(redis, prefix, 'acme', at);
  expect(await jobs()).toEqual(['job_a']);
  await trimEvents(redis, prefix, 'acme', at + 1);
  expect(await jobs()).toEqual([]);
  const { trimmed } = await readEvents(redis, prefix, 'acme', STREAM_START, 10);
  expect(trimmed).toBe(streamId);
  // A new listener begins after it, and has missed nothing.
  expect(await lastStreamId(redis, prefix, 'acme')).toBe(streamId);
  await append([entry(3, '100-1', 'job_b')]);
  expect(await jobs()).toEqual(['job_b']);
});

test('the oldest events are dropped, and the stream says how far', async () => {
  const { redis, prefix, append, jobs } = openScene();
  const entries = Array.from({ length: 400 }, (_, index) =>
    entry(1, `${index + 1}-0`, `job_${index}`),
  );
  await append(entries.slice(0, 150), 50);
  const before = await readEvents(redis, prefix, 'acme', STREAM_START, 1000);
  expect([before.events.length, before.trimmed]).toEqual([150, undefined]);
  await append(entries.slice(150), 50);
  const { events, trimmed } = await readEvents(redis, prefix, 'acme', STREAM_START, 1000);
  expect(await jobs()).toEqual(Array.from({ length: 100 }, (_, index) => `job_${300 + index}`));
  expect(isBefore(trimmed ?? '', events[0]?.streamId ?? '')).toBe(true);
  // Who stood at the last event that was there before has missed some.
  expect(isBefore(before.events.at(-1)?.streamId ?? '', trimmed ?? '')).toBe(true);
});

test('a reader goes on after the place it names, a page at a time', async () => {
  const { redis, prefix, append } = openScene();
  await append([entry(1, '1-0', 'job_a'), entry(1, '2-0', 'job_b'), entry(1, '3-0', 'job_c')]);
  const first = await readEvents(redis, prefix, 'acme', STREAM_START, 2);
  const place = first.events.at(-1)?.streamId ?? '';
  const second = await readEvents(redis, prefix, 'acme', place, 2);
  expect([...first.events, ...second.events].map(({ eventId }) => eventId)).toEqual([
    'evt_a_v2',
    'evt_b_v2',
    'evt_c_v2',
  ]);
  expect(await lastStreamId(redis, prefix, 'acme')).toBe(second.events[0]?.streamId);
});

test('a project without events has a stream that begins, and none of another project', async () => {
  const { redis, prefix, append } = openScene();
  await append([entry(1, '1-0', 'job_a')]);
  expect(await lastStreamId(redis, prefix, 'other')).toBe(STREAM_START);
  expect(await readEvents(redis, prefix, 'other', STREAM_START, 10)).toEqual({
    events: [],
    trimmed: undefined,
  });
});

test('whoever follows is told which project has something new, once it is there', async () => {
  const { redis, prefix, append } = openScene();
  const subscriber = openTestSubscriber();
  const heard: string[] = [];
  const first = Promise.withResolvers<void>();
  onTestFinished(() => first.resolve());
  subscribeToEvents(subscriber, prefix, (project) => {
    heard.push(project);
    first.resolve();
  });
  // A second subscription is answered after the first: from then on nothing is missed.
  await subscriber.subscribe(`${prefix}:ready`);
  await append([entry(1, '1-0', 'job_a')]);
  await append([entry(1, '1-0', 'job_a')]);
  await appendEvents(redis, prefix, 'other', [entry(1, '1-0', 'job_b')]);
  await first.promise;
  // Two servers of a cluster may be heard in any order.
  await expect.poll(() => heard.toSorted()).toEqual(['acme', 'other']);
});

test('all keys of the stream of a project lie in its slot', async () => {
  const { redis, prefix, append } = openScene();
  await append([entry(1, '1-0', 'job_a')]);
  const keys = await matchingKeys(redis, `${prefix}*`);
  expect(keys).toHaveLength(2);
  expect(new Set(keys.map(clusterSlot))).toEqual(new Set([clusterSlot(`${prefix}:{p:acme}:x`)]));
});

test.each([
  ['1-0', '1-1', true],
  ['2-0', '10-0', true],
  ['1-2', '1-10', true],
  ['1-1', '1-1', false],
  ['2-0', '1-9', false],
])('%s before %s is %s', (one, other, before) => {
  expect(isBefore(one, other)).toBe(before);
});
