import { endJob, wakeJob } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import { openDispatchScene, sealedDispatch } from '@understudy/dispatch/testing';
import { RECORD_VERSIONS, SCHEMA_VERSION } from '@understudy/contracts';
import { dueKey, jobKeys, shardOf } from '@understudy/job-store';
import type { LogFields, Logger } from '@understudy/runtime';
import { expect, test } from 'vitest';
import { visitDueJobs } from './visit-due-jobs.ts';

const visitDue = (dispatch: OpenDispatch) =>
  visitDueJobs(dispatch, async (job) => void (await dispatch.store.forgetPayload(job)));

const MINUTE_MS = 60_000;
const ab = [{ provider: 'a' }, { provider: 'b' }];

test('a job expires at its deadline, wherever it stands', async () => {
  const { dispatch, submit, read, advance, cool } = await openDispatchScene([{ provider: 'a' }]);
  const expires_at = dispatch.clock.now() + 5000;
  const queued = await submit({ expires_at });
  await cool('a', MINUTE_MS);
  const waiting = await submit({ expires_at });
  await visitDue(dispatch);
  expect((await read(queued)).record.status).toBe('queued');
  advance(5000);
  await visitDue(dispatch);
  expect((await read(queued)).record.status).toBe('expired');
  expect((await read(waiting)).record.status).toBe('expired');
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 });
  expect(await dispatch.rooms.occupied('a')).toEqual([]);
});

test('an entry that vanished from its queue is put back', async () => {
  const { dispatch, submit, read, advance } = await openDispatchScene([{ provider: 'a' }]);
  const { project, id } = await submit();
  await dispatch.queue.remove('a', { project, id, turn: 1 });
  advance(31_000);
  expect(await visitDue(dispatch)).toEqual(['restored']);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 1, active: 0, resting: 0 });
  expect((await read({ project, id })).record).toMatchObject({ turn: 1, version: 1 });
});

test('of a few jobs that are put back each is told, and of many how many', async () => {
  const { dispatch, submit, advance } = await openDispatchScene([{ provider: 'a' }]);
  const lines: [string, LogFields, string][] = [];
  const told = (level: string) => (fields: LogFields, text: string) =>
    void lines.push([level, fields, text]);
  const logger = { warn: told('warn'), debug: told('debug') } as unknown as Logger;
  const lose = async (count: number): Promise<string[]> => {
    const lost = await Promise.all(Array.from({ length: count }, () => submit()));
    for (const { project, id } of lost) await dispatch.queue.remove('a', { project, id, turn: 1 });
    advance(31_000);
    lines.length = 0;
    await visitDue({ ...dispatch, logger });
    return lost.map(({ id }) => id).toSorted();
  };
  const tellingOf = (level: string): string[] =>
    lines
      .flatMap(([at, { job }]) => (at === level && typeof job === 'string' ? [job] : []))
      .toSorted();
  const few = await lose(2);
  expect(tellingOf('warn')).toEqual(few);
  expect(lines).toHaveLength(2);

  const many = await lose(40);
  expect(lines[0]).toEqual(['warn', { jobs: 40 }, 'lost jobs were put back in place']);
  expect(tellingOf('warn')).toEqual([]);
  expect(tellingOf('debug')).toEqual(many);
});

test('a member that vanished from its waiting room is put back', async () => {
  const { dispatch, submit, advance, cool } = await openDispatchScene([{ provider: 'a' }]);
  await cool('a', 10 * MINUTE_MS);
  const { project, id } = await submit();
  await dispatch.rooms.leave([{ provider: 'a', model: 'm-at-a' }], `${project}/${id}`);
  advance(31_000);
  expect(await visitDue(dispatch)).toEqual(['restored']);
  expect(await dispatch.rooms.occupied('a')).toMatchObject([{ count: 1 }]);
});

test('a job that waits for a target which opened without waking it is woken', async () => {
  const { dispatch, submit, read, advance, cool } = await openDispatchScene([{ provider: 'a' }]);
  await cool('a', 10 * MINUTE_MS);
  const job = await submit();
  const now = dispatch.clock.now();
  await dispatch.cooldowns.reportSuccess('a', 'm-at-a', now, now);
  await dispatch.reload();
  advance(31_000);
  await visitDue(dispatch);
  expect((await read(job)).record.progress.place).toMatchObject({ kind: 'queue' });
});

test('a job that waits sees a target which its route was given meanwhile', async () => {
  const { dispatch, submit, read, advance } = await openDispatchScene(ab);
  const route = dispatch.views().settings.routes['m']!;
  route.targets = [{ provider: 'a' }];
  await dispatch.pauses.pause('a', dispatch.clock.now());
  await dispatch.reload();
  const job = await submit();
  advance(31_000);
  expect(await visitDue(dispatch)).toEqual(['in_place']);
  route.targets = ab;
  advance(4_000_000);
  expect(await visitDue(dispatch)).toEqual(['woken']);
  expect((await read(job)).record.progress.place).toMatchObject({
    kind: 'queue',
    planned: { provider: 'b' },
  });
  expect(await dispatch.rooms.occupied('a')).toEqual([]);
});

test('who waits for a target that may be probed is not let in for being looked at', async () => {
  const { dispatch, submit, advance, cool } = await openDispatchScene([{ provider: 'a' }]);
  await cool('a', 5000);
  for (let times = 0; times < 3; times += 1) await submit();
  advance(31_000);
  expect(await visitDue(dispatch)).toEqual(['in_place', 'in_place', 'in_place']);
  expect(await dispatch.rooms.occupied('a')).toMatchObject([{ count: 3 }]);
});

test('a job that rests before it tries an open target again rests to the end', async () => {
  const { dispatch, submit, read, advance, cool } = await openDispatchScene(ab);
  await cool('a', 10 * MINUTE_MS);
  const job = await submit();
  const now = dispatch.clock.now();
  await dispatch.store.begin(job, 1, now, now);
  const { progress } = (await read(job)).record;
  const wakeAt = now + MINUTE_MS;
  await dispatch.store.transition(job, {
    token: 1,
    status: 'queued',
    nextTurn: 2,
    progress: {
      ...progress,
      visited: [],
      place: {
        kind: 'waiting',
        since: now,
        reason: 'backoff',
        until: wakeAt,
        wake_at: wakeAt,
        rooms: [{ provider: 'a', model: 'm-at-a' }],
      },
    },
    dueAt: now + 10_000,
    appended: [
      {
        number: 1,
        round: 1,
        target: 'b',
        provider: 'b',
        model_requested: 'm',
        outcome: 'failed',
        started_at: now,
      },
    ],
    folded: [],
  });
  advance(31_000);
  expect(await visitDue(dispatch)).toEqual(['restored']);
  advance(MINUTE_MS);
  expect(await visitDue(dispatch)).toEqual(['woken']);
});

test('a job in the queue of a dead provider goes to the next that lives', async () => {
  const { dispatch, submit, read, advance, dead } = await openDispatchScene(ab);
  const job = await submit();
  dead.add('a');
  advance(31_000);
  await visitDue(dispatch);
  const { record, attempts } = await read(job);
  expect(record.progress.place).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
  expect(attempts).toMatchObject([{ provider: 'a', outcome: 'skipped', rule: 'no_worker' }]);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 });
  expect(await dispatch.queue.counts('b')).toEqual({ waiting: 1, active: 0, resting: 0 });
});

test('a job whose providers are all dead stays where it is', async () => {
  const { dispatch, submit, read, advance, dead } = await openDispatchScene(ab);
  const job = await submit();
  dead.add('a').add('b');
  advance(31_000);
  await visitDue(dispatch);
  expect((await read(job)).record).toMatchObject({
    turn: 1,
    progress: { place: { planned: { provider: 'a' } } },
  });
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 1, active: 0, resting: 0 });
});

test('patience with a queue ends once, and only where a later target is open', async () => {
  const impatient = [{ provider: 'a', maxQueueWaitMs: 2000 }, { provider: 'b' }];
  const { dispatch, submit, read, advance, cool } = await openDispatchScene(impatient);
  await cool('b', 10_000);
  const job = await submit();
  advance(2000);
  await visitDue(dispatch);
  expect((await read(job)).record.turn).toBe(1);

  const now = dispatch.clock.now();
  await dispatch.cooldowns.reportSuccess('b', 'm-at-b', now, now);
  await dispatch.reload();
  advance(31_000);
  await visitDue(dispatch);
  const { record, attempts } = await read(job);
  expect(record.progress.place).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
  expect(attempts).toMatchObject([{ provider: 'a', outcome: 'skipped', rule: 'max_queue_wait' }]);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 });
});

test('a running job is left alone, and looked at again', async () => {
  const { dispatch, submit, read, advance } = await openDispatchScene(ab);
  const job = await submit();
  const now = dispatch.clock.now();
  await dispatch.store.begin(job, 1, now, now + 30_000);
  advance(31_000);
  const before = await read(job);
  await visitDue(dispatch);
  expect(await read(job)).toEqual(before);
  expect(await dispatch.store.due(dispatch.clock.now(), 10)).toEqual([]);
  expect(await dispatch.store.due(dispatch.clock.now() + 3_600_000, 10)).toHaveLength(1);
});

test('a running job that waited long is looked at as often as any: a lost entry is back in 30 s', async () => {
  const { dispatch, submit, advance } = await openDispatchScene([{ provider: 'a' }]);
  const { project, id } = await submit();
  advance(10 * MINUTE_MS);
  const now = dispatch.clock.now();
  await dispatch.store.begin({ project, id }, 1, now, now + 30_000);
  advance(30_000);
  expect(await visitDue(dispatch)).toEqual(['in_place']);
  await dispatch.queue.remove('a', { project, id, turn: 1 });
  advance(30_100);
  expect(await visitDue(dispatch)).toEqual(['restored']);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 1, active: 0, resting: 0 });
});

test('a job whose call died with the last worker of its provider goes to the next that lives', async () => {
  const { dispatch, submit, read, advance, dead } = await openDispatchScene(ab);
  const job = await submit();
  const now = dispatch.clock.now();
  await dispatch.store.begin(job, 1, now, now + 30_000);
  dead.add('a');
  advance(31_000);
  expect(await visitDue(dispatch)).toEqual(['moved_on']);
  expect((await read(job)).record).toMatchObject({
    status: 'queued',
    progress: { place: { planned: { provider: 'b' } } },
  });
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 });
});

test('a due time whose record is gone is forgotten', async () => {
  const { dispatch, advance } = await openDispatchScene([{ provider: 'a' }]);
  const key = dueKey(dispatch.keyPrefix, shardOf('job_gone'));
  await dispatch.redis.zadd(key, dispatch.clock.now(), 'acme/job_gone');
  advance(1);
  await visitDue(dispatch);
  expect(await dispatch.redis.zcard(key)).toBe(0);
});

test('a job that stands where it should is only looked at', async () => {
  const { dispatch, submit, advance } = await openDispatchScene([{ provider: 'a' }]);
  await submit();
  advance(31_000);
  expect(await visitDue(dispatch)).toEqual(['in_place']);
});

test('what is not to be stored and nobody fetched is forgotten ten minutes after the end', async () => {
  const { dispatch, submit, read, advance } = await openDispatchScene([{ provider: 'a' }]);
  const { store } = dispatch;
  const [job, kept] = [await submit({ store: false }), await submit()];
  for (const one of [job, kept]) await endJob(dispatch, one, 'cancelled');
  expect(await visitDue(dispatch)).toEqual([]);
  expect(await store.readRequestBody(job)).toBeDefined();
  advance(10 * MINUTE_MS);
  expect(await visitDue(dispatch)).toEqual(['payload_forgotten']);
  expect((await read(job)).record.payloadForgotten).toBe(true);
  expect(await store.readRequestBody(job)).toBeUndefined();
  expect(await store.readRequestBody(kept)).toBeDefined();
  expect(await visitDue(dispatch)).toEqual([]);
});

test('an answer that comes while its job is found due stays until it is fetched', async () => {
  const { dispatch, submit, advance } = await openDispatchScene([{ provider: 'a' }]);
  const { store, clock } = dispatch;
  const job = await submit({ store: false });
  const begunAt = clock.now();
  await store.begin(job, 1, begunAt, begunAt + 30_000);
  advance(31_000);
  const result = Buffer.from('{}');
  const answered: OpenDispatch['store'] = {
    ...store,
    due: async (now, limit) => {
      const due = await store.due(now, limit);
      await store.transition(job, {
        token: 1,
        status: 'completed',
        nextTurn: 2,
        appended: [],
        folded: [],
        result,
        end: { v: SCHEMA_VERSION, result: { provider: 'a' } },
        endedAt: now,
        keepMs: 86_400_000,
      });
      return due;
    },
  };
  await visitDue({ ...dispatch, store: answered });
  expect(await store.readResult(job)).toEqual(result);
  advance(10 * MINUTE_MS);
  expect(await visitDue(dispatch)).toEqual(['payload_forgotten']);
  expect(await store.readResult(job)).toBeUndefined();
});

test('a pause that a job begins while it is looked at ends in time', async () => {
  const { dispatch, submit, read, advance } = await openDispatchScene(ab);
  const { store, queue, clock } = dispatch;
  const job = await submit();
  const begunAt = clock.now();
  await store.begin(job, 1, begunAt, begunAt + 30_000);
  advance(31_000);
  const { progress } = (await read(job)).record;
  const settling: OpenDispatch['queue'] = {
    ...queue,
    has: async (provider, entry) => {
      const [since, wakeAt] = [clock.now(), clock.now() + 1000];
      await store.transition(job, {
        token: 1,
        status: 'queued',
        nextTurn: 2,
        progress: {
          ...progress,
          place: {
            kind: 'waiting',
            since,
            reason: 'backoff',
            until: wakeAt,
            wake_at: wakeAt,
            rooms: [],
          },
        },
        dueAt: wakeAt,
        appended: [],
        folded: [],
      });
      await queue.remove(provider, entry);
      return queue.has(provider, entry);
    },
  };
  expect(await visitDue({ ...dispatch, queue: settling })).toEqual(['in_place']);
  expect(await queue.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 });
  advance(1000);
  expect(await visitDue(dispatch)).toEqual(['woken']);
});

test('a job that is let out of its room while it is looked at is not put back', async () => {
  const { dispatch, submit, read, advance, cool } = await openDispatchScene([{ provider: 'a' }]);
  const { rooms, clock } = dispatch;
  await cool('a', 10 * MINUTE_MS);
  const job = await submit();
  advance(31_000);
  const letOut: OpenDispatch['rooms'] = {
    ...rooms,
    stands: async (some, member) => {
      const now = clock.now();
      await dispatch.cooldowns.reportSuccess('a', 'm-at-a', now, now);
      await dispatch.reload();
      await wakeJob(dispatch, job);
      return rooms.stands(some, member);
    },
  };
  expect(await visitDue({ ...dispatch, rooms: letOut })).toEqual(['in_place']);
  expect(await rooms.occupied('a')).toEqual([]);
  expect((await read(job)).record).toMatchObject({
    turn: 2,
    progress: { place: { kind: 'queue' } },
  });
});

test('a due job of a newer release is left as it is, and looked at again', async () => {
  const { dispatch, submit, advance } = await openDispatchScene(ab);
  const job = await submit();
  const known = await submit();
  const { record, due, member } = jobKeys(dispatch.keyPrefix, job);
  await dispatch.redis.hset(record, 'v', RECORD_VERSIONS.newest + 1);
  await dispatch.queue.remove('a', { ...job, turn: 1 });
  await dispatch.queue.remove('a', { ...known, turn: 1 });
  const before = await dispatch.redis.hgetall(record);
  advance(31_000);
  expect((await visitDue(dispatch)).toSorted()).toEqual(['newer', 'restored']);
  expect(await dispatch.redis.hgetall(record)).toEqual(before);
  expect(Number(await dispatch.redis.zscore(due, member))).toBeGreaterThan(dispatch.clock.now());
});

test('a due job whose key is missing is left as it is, and all others are seen to', async () => {
  const { dispatch, submit, advance } = await openDispatchScene(ab);
  const keyed = sealedDispatch(dispatch);
  const sealed = await keyed.submit({ id: 'job_sealed' });
  const known = await submit();
  expect(shardOf(sealed.id)).not.toBe(shardOf(known.id));
  for (const job of [sealed, known]) await dispatch.queue.remove('a', { ...job, turn: 1 });
  const { record, due, member } = jobKeys(dispatch.keyPrefix, sealed);
  const before = await dispatch.redis.hgetall(record);
  advance(31_000);
  expect((await visitDue(dispatch)).toSorted()).toEqual(['restored', 'unreadable']);
  expect(await dispatch.redis.hgetall(record)).toEqual(before);
  expect(Number(await dispatch.redis.zscore(due, member))).toBeGreaterThan(dispatch.clock.now());

  advance(31_000);
  expect((await visitDue(keyed.dispatch)).toSorted()).toEqual(['restored']);
});
