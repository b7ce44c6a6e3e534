import {
  STREAM_START,
  appendEvents,
  comparePlaces,
  indexJobs,
  lastStreamId,
  statusEvent,
  trimEvents,
} from '@understudy/job-store';
import { expect, test, vi } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../../test/support/redis.ts';
import type { Glance } from './event-frames.ts';
import { createProjectEvents } from './project-events.ts';

const ENDS = new Set(['job.completed']);

function openScene() {
  const redis = openTestRedis();
  const prefix = uniqueKeyPrefix();
  const events = createProjectEvents(redis, prefix);
  let entries = 0;
  return {
    redis,
    prefix,
    events,
    append: (id: string, project = 'acme') => {
      entries += 1;
      const told = statusEvent({ id, version: 2, status: 'completed', at: 0 }, undefined);
      return appendEvents(redis, prefix, project, [
        { shard: 1, entryId: `${entries}-0`, events: [told] },
      ]);
    },
    follow: (wake: () => void = () => undefined, project = 'acme') =>
      events.follow(project, STREAM_START, ENDS, wake),
  };
}

const jobsOf = ({ events }: Glance): string[] =>
  events.map(({ data }) => String(JSON.parse(data).data.id));

test('all who stand at one place of a stream share one read of it', async () => {
  const { redis, append, follow } = openScene();
  await append('job_1');
  const followers = Array.from({ length: 50 }, () => follow());
  const reads = vi.spyOn(redis, 'multi');
  const glances = await Promise.all(followers.map(({ look }) => look()));
  expect(glances.map(jobsOf)).toEqual(followers.map(() => ['job_1']));
  expect(reads).toHaveBeenCalledTimes(1);
});

test('a read that began before something new was told of is not shared after it', async () => {
  const { events, append, follow } = openScene();
  await append('job_1');
  // All on one connection, so in this order: a read, the append, and the read of who was woken.
  const before = follow().look();
  const appended = append('job_2');
  events.heard('acme');
  const after = follow().look();
  expect(jobsOf(await before)).toEqual(['job_1']);
  expect(jobsOf(await after)).toEqual(['job_1', 'job_2']);
  await appended;
});

test('a listener stands after all that was read, whether it was for its ears or not', async () => {
  const { redis, prefix, events, append } = openScene();
  const rare = events.follow('acme', undefined, new Set(['job.failed']), () => undefined);
  expect(rare.place?.()).toBeUndefined();
  await append('job_1');
  expect((await rare.look()).events).toEqual([]);
  expect(rare.place?.()).toBe(await lastStreamId(redis, prefix, 'acme'));
});

test('whoever begins with what is kept, where nothing is kept any more, has missed nothing', async () => {
  const { redis, prefix, events, append } = openScene();
  await append('job_1');
  await trimEvents(redis, prefix, 'acme', Number.MAX_SAFE_INTEGER);
  for (const after of [undefined, await events.now('acme')]) {
    const { look } = events.follow('acme', after, ENDS, () => undefined);
    expect([(await look()).events, (await look()).events]).toEqual([[], []]);
  }
});

test('a listener to all projects stands at the newest event of any', async () => {
  const { redis, prefix, events, append } = openScene();
  const all = events.followAll(
    ['acme', 'other'],
    { place: '5-0', after: STREAM_START },
    ENDS,
    () => undefined,
  );
  expect(all.place?.()).toBe('5-0');
  await append('job_1', 'other');
  await append('job_2');
  await all.look();
  expect(all.place?.()).toBe(await lastStreamId(redis, prefix, 'acme'));
});

test('a project that cannot be read keeps none of the others, nor the place beyond its events', async () => {
  const { redis, events, append } = openScene();
  const from = { place: '5-0', after: STREAM_START };
  const all = events.followAll(['acme', 'other'], from, ENDS, () => undefined);
  await append('job_1');
  await append('job_2', 'other');
  vi.spyOn(redis, 'multi').mockImplementationOnce(() => {
    throw new Error('Connection is closed.');
  });
  const told = await all.look();
  expect([jobsOf(told), told.events[0]?.id]).toEqual([['job_2'], '5-0']);
  expect(all.place?.()).toBe('5-0');
  expect(jobsOf(await all.look())).toEqual(['job_1']);
  expect(all.place?.()).not.toBe('5-0');
});

test('whoever resumes from any event told while a project has more to tell misses none of it', async () => {
  const { events, append } = openScene();
  const early = Array.from({ length: 250 }, (_, index) => `job_${index}`);
  for (const id of early) await append(id);
  await append('job_late', 'other');
  const followFrom = (place: string) => {
    const from = { place, after: place };
    return events.followAll(['other', 'acme'], from, ENDS, () => undefined);
  };
  const told = await followFrom(STREAM_START).look();
  for (const cut of [1, 50, 100, 101]) {
    const heard = new Set(jobsOf(told).slice(0, cut));
    const { look } = followFrom(told.events[cut - 1]?.id ?? '');
    for (let glance = await look(); glance.events.length > 0; glance = await look()) {
      for (const id of jobsOf(glance)) heard.add(id);
    }
    expect([cut, heard]).toEqual([cut, new Set([...early, 'job_late'])]);
  }
  expect(jobsOf(told)).toEqual([...early.slice(0, 100), 'job_late']);
});

test('a listener to all projects stands no further than one of them has been read, until all have been', async () => {
  const { redis, prefix, events, append } = openScene();
  const from = { place: '5-0', after: STREAM_START };
  const all = events.followAll(['acme', 'other'], from, ENDS, () => undefined);
  for (let number = 0; number < 150; number += 1) await append(`job_${number}`);
  await append('job_late', 'other');
  const { events: told } = await all.look();
  expect(all.place?.()).toBe(told[99]?.id);
  expect(all.place?.()).toBe(told.at(-1)?.id);
  const { events: rest, more } = await all.look();
  expect([rest.length, more]).toEqual([50, false]);
  const ends = await Promise.all(
    ['acme', 'other'].map((project) => lastStreamId(redis, prefix, project)),
  );
  expect(all.place?.()).toBe(ends.toSorted(comparePlaces).at(-1));
});

test('a listener to all projects reads each of them anew, also one that began meanwhile, where news may have been missed', async () => {
  const { redis, prefix, events, append } = openScene();
  for (const project of ['acme', 'quiet']) await indexJobs(redis, prefix, project, []);
  const wake = vi.fn<() => void>();
  const from = { place: '5-0', after: STREAM_START };
  const all = events.followAll(['acme', 'quiet'], from, ENDS, wake);
  expect(jobsOf(await all.look())).toEqual([]);
  await append('job_1');
  await indexJobs(redis, prefix, 'fresh', []);
  await append('job_2', 'fresh');
  expect(jobsOf(await all.look())).toEqual([]);
  events.refresh();
  expect(wake).toHaveBeenCalledTimes(1);
  vi.spyOn(redis, 'smembers').mockRejectedValueOnce(new Error('Connection is closed.'));
  await expect(all.look()).rejects.toThrow('closed');
  expect(jobsOf(await all.look()).toSorted()).toEqual(['job_1', 'job_2']);
  expect(jobsOf(await all.look())).toEqual([]);
  all.stop();
  events.refresh();
  expect(wake).toHaveBeenCalledTimes(1);
});

test('those who follow a project are woken by its events, until they stop, and by no other', () => {
  const { events, follow } = openScene();
  const woken: string[] = [];
  const one = follow(() => woken.push('one'));
  follow(() => woken.push('two'));
  follow(() => woken.push('other'), 'other');
  events.heard('acme');
  one.stop();
  events.heard('acme');
  expect(woken).toEqual(['one', 'two', 'two']);
});
