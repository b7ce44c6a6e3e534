import type { JobRecord, Limits } from '@understudy/contracts';
import { indexJobs, jobKeys } from '@understudy/job-store';
import { expect, test, vi } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { holdersOf } from './caller.ts';
import { createLimits } from './create-limits.ts';
import { spendKey } from './limit-keys.ts';

const NOON = Date.UTC(2026, 10, 22, 12);

/** Counters over a real Redis, for the project `acme` and its key `key_1`. */
function openScene(project: Limits, keyLimits: Limits = {}) {
  const redis = openTestRedis();
  const prefix = uniqueKeyPrefix();
  const limits = createLimits(redis, prefix, (name) => `${prefix}:{p:${name}}:bytes`);
  const holders = holdersOf({ project: 'acme', key: 'key_1', keyLimits }, { acme: project });
  return {
    redis,
    prefix,
    limits,
    holders,
    request: (now: number, who = holders) => limits.countRequest('acme', who, now),
    admit: (ids: string[], now = NOON, who = holders) => limits.admitJobs('acme', who, ids, now),
    spend: (nanos: number, field = 'project') =>
      redis.hset(spendKey(prefix, 'acme', '2026-11-22'), field, nanos),
    /** What the scheduler derives from a job's record. */
    index: (id: string, status: 'queued' | 'completed') =>
      indexJobs(redis, prefix, 'acme', [recordOf(id, status)]),
    keep: (id: string, status: string) =>
      redis.hset(jobKeys(prefix, { project: 'acme', id }).record, 'st', status),
  };
}

function recordOf(id: string, status: 'queued' | 'completed'): JobRecord {
  return {
    request: {
      v: 1,
      id,
      project: 'acme',
      endpoint: '/v1/chat/completions',
      dialect: 'chat-completions',
      model: 'm',
      priority: 5,
      order: 1,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      created_at: NOON,
      expires_at: NOON + 60_000,
    },
    progress: {
      v: 1,
      route: 'm',
      round: 1,
      calls: 0,
      round_calls: 0,
      visited: [],
      closed: {},
      draws: {},
      place: { kind: 'waiting', since: NOON, reason: 'backoff', until: NOON, rooms: [] },
      waits: [],
      skips: {},
    },
    status,
    version: 1,
    turn: 1,
    token: 0,
    starts: 0,
  };
}

const numbered = (count: number, name = 'job'): string[] =>
  Array.from({ length: count }, (_, index) => `${name}_${index + 1}`);

test('of 50 requests at a time a limit of 10 lets exactly 10 through', async () => {
  const { request } = openScene({ requests_per_minute: 10 });
  const counted = await Promise.all(numbered(50).map(() => request(NOON)));
  expect(counted.filter(({ violated }) => violated.length === 0)).toHaveLength(10);
  expect(counted.at(-1)?.violated).toMatchObject([
    { name: 'project-requests', quota: 10, used: 10, resetSeconds: 61 },
  ]);
});

test('in no 60 seconds there are more requests than the limit, and none is refused for longer', async () => {
  const { request } = openScene({ requests_per_minute: 3 });
  const admitted: number[] = [];
  for (let at = NOON; at < NOON + 300_000; at += 700) {
    if ((await request(at)).violated.length === 0) admitted.push(at);
  }
  for (const at of admitted) {
    const within = admitted.filter((other) => other > at - 60_000 && other <= at);
    expect(within.length).toBeLessThanOrEqual(3);
  }
  // A place is free again after 60 to 61 s: three in each of five such windows.
  expect(admitted.length).toBe(15);
});

test('a request that is refused for its key is not counted for its project', async () => {
  const { request, limits, holders } = openScene(
    { requests_per_minute: 5 },
    { requests_per_minute: 2 },
  );
  for (const violations of [[], [], ['key-requests'], ['key-requests']]) {
    const { violated } = await request(NOON);
    expect(violated.map(({ name }) => name)).toEqual(violations);
  }
  const [project, key] = await limits.use('acme', holders, NOON);
  expect([project?.requests, key?.requests]).toEqual([2, 2]);
});

test('what is left is told with when something is free again', async () => {
  const { request } = openScene({ requests_per_minute: 5 }, { requests_per_minute: 3 });
  await request(NOON);
  const { states } = await request(NOON + 20_000);
  expect(states).toMatchObject([
    { name: 'project-requests', quota: 5, used: 2, resetSeconds: 41 },
    { name: 'key-requests', quota: 3, used: 2, resetSeconds: 41 },
  ]);
});

test('without limits nothing is asked of Redis', async () => {
  const { redis, request, admit, limits, holders } = openScene({ routes: ['m'] });
  redis.disconnect();
  expect(await request(NOON)).toEqual({ states: [], violated: [] });
  expect(await admit(['job_1'])).toEqual({ admitted: 1, taken: 0, violated: [] });
  expect(await limits.room('acme', holders, NOON)).toBe(Infinity);
});

test('a day’s money that is spent refuses requests and jobs until midnight UTC', async () => {
  const { request, admit, spend, limits, holders } = openScene({ spend_per_day: 2.5 });
  await spend(2_499_999_999);
  expect((await request(NOON)).violated).toEqual([]);
  expect((await admit(['job_1'])).admitted).toBe(1);
  await spend(2_500_000_000);
  const spent = { name: 'project-spend-per-day', quota: 2.5, used: 2.5, resetSeconds: 43_200 };
  expect((await request(NOON)).violated).toMatchObject([spent]);
  expect(await admit(['job_2'])).toMatchObject({ admitted: 0, violated: [spent] });
  expect(await limits.room('acme', holders, NOON)).toBe(0);
  expect((await request(NOON + 43_200_000)).violated).toEqual([]);
});

test('a key that has spent its money does not stop the other keys of its project', async () => {
  const { request, spend } = openScene({ spend_per_day: 10 }, { spend_per_day: 1 });
  await spend(1_000_000_000);
  await spend(1_000_000_000, 'key_1');
  expect((await request(NOON)).violated.map(({ name }) => name)).toEqual(['key-spend-per-day']);
  const others = holdersOf({ project: 'acme', key: 'key_2' }, { acme: { spend_per_day: 10 } });
  expect((await request(NOON, others)).violated).toEqual([]);
});

test('of 50 jobs at a time a limit of 10 gives exactly 10 a place', async () => {
  const { admit } = openScene({ jobs_waiting: 10 });
  const results = await Promise.all(numbered(50).map((id) => admit([id])));
  expect(results.filter(({ admitted }) => admitted === 1)).toHaveLength(10);
  expect(results.at(-1)?.violated).toMatchObject([{ name: 'project-jobs-waiting', used: 10 }]);
});

test('as many of many jobs as have room get a place, in their order', async () => {
  const { admit, limits, holders } = openScene({ jobs_waiting: 10 }, { jobs_waiting: 4 });
  expect(await admit(numbered(3))).toMatchObject({ admitted: 3, taken: 3 });
  expect(await limits.room('acme', holders, NOON)).toBe(1);
  const more = await admit([...numbered(3), 'more_1', 'more_2']);
  expect(more).toMatchObject({ admitted: 4, taken: 1 });
  expect(more.violated.map(({ name }) => name)).toEqual(['key-jobs-waiting']);
});

test('a job that passes into the list of unfinished ones is counted once, and none when it has ended', async () => {
  const { admit, index, limits, holders } = openScene({ jobs_waiting: 2 });
  await admit(['job_1']);
  await index('job_1', 'queued');
  expect(await limits.room('acme', holders, NOON)).toBe(1);
  expect(await admit(['job_1'])).toMatchObject({ admitted: 1, taken: 0 });
  await admit(['job_2']);
  expect((await admit(['job_3'])).admitted).toBe(0);
  await index('job_1', 'completed');
  expect((await admit(['job_3'])).admitted).toBe(1);
});

test('jobs from before there was a limit are counted', async () => {
  const { index, admit } = openScene({ jobs_waiting: 1 });
  await index('job_0', 'queued');
  expect((await admit(['job_1'])).admitted).toBe(0);
});

test('a place whose job was never made, or has ended unheard, is free again after a minute', async () => {
  const { admit, keep, limits, holders } = openScene({ jobs_waiting: 3 }, { jobs_waiting: 3 });
  await admit(['lost', 'ended', 'running']);
  await keep('ended', 'completed');
  await keep('running', 'queued');
  expect((await admit(['next'], NOON + 59_000)).admitted).toBe(0);
  expect((await admit(['next'], NOON + 61_000)).admitted).toBe(1);
  expect(await limits.room('acme', holders, NOON + 61_000)).toBe(1);
});

test('an ended job that a late relay put among the unfinished ones holds no place for longer than a minute', async () => {
  const { index, keep, admit } = openScene({ jobs_waiting: 2 });
  await index('stale', 'queued');
  await index('running', 'queued');
  await keep('stale', 'completed');
  await keep('running', 'queued');
  expect((await admit(['next', 'other'], NOON + 51_000)).admitted).toBe(0);
  expect((await admit(['next', 'other'], NOON + 61_000)).admitted).toBe(1);
});

test('unfinished jobs are looked at for ended ones seldom, and only where they count', async () => {
  const { index, keep, admit, redis } = openScene({ jobs_waiting: 1 });
  await index('running', 'queued');
  await keep('running', 'queued');
  const asked = vi.spyOn(redis, 'zrange');
  const looks = (): number =>
    asked.mock.calls.filter(([key]) => String(key).endsWith(':unfinished')).length;
  for (let time = 0; time < 10; time += 1) await admit(['next'], NOON + 61_000 + time);
  expect(looks()).toBe(1);
  await admit(['next'], NOON + 72_000);
  expect(looks()).toBe(2);
  const ofKey = openScene({}, { jobs_waiting: 0 });
  const askedOfKey = vi.spyOn(ofKey.redis, 'zrange');
  await ofKey.admit(['next'], NOON + 61_000);
  expect(askedOfKey.mock.calls.map(([key]) => String(key))).not.toContainEqual(
    expect.stringMatching(/:unfinished$/),
  );
});

test('places that were given for nothing are given back', async () => {
  const { admit, limits, holders } = openScene({ jobs_waiting: 1 }, { jobs_waiting: 1 });
  await admit(['job_1']);
  await limits.releaseJobs('acme', holders, ['job_1']);
  expect((await admit(['job_2'])).admitted).toBe(1);
});
