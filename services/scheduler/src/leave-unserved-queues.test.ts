import type { Attempt } from '@understudy/contracts';
import { moveJob, settleLateAnswer, wakeJob } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import { openDispatchScene, sealedDispatch } from '@understudy/dispatch/testing';
import type { DispatchScene } from '@understudy/dispatch/testing';
import type { JobReference } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { createQueueLeaver } from './leave-unserved-queues.ts';
import type { QueueLeaver } from './leave-unserved-queues.ts';
import { createTargetOpener } from './target-opener.ts';

test('jobs in the queue of a paused provider move on to the next target at once', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch, read } = scene;
  const leaver = createQueueLeaver(dispatch);
  const jobs = [await scene.submit({ priority: 9 }), await scene.submit({ priority: 2 })];
  expect(await leaver.leave()).toBeUndefined();
  await dispatch.pauses.pause('a', dispatch.clock.now());
  await dispatch.reload();
  expect(await leaver.leave()).toBe(0);
  expect(await leaver.leave()).toBeUndefined();
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 0 });
  expect(await dispatch.queue.counts('b')).toMatchObject({ waiting: 2 });
  for (const job of jobs) {
    const { record, attempts } = await read(job);
    expect(record.progress.place).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
    expect(attempts).toMatchObject([{ provider: 'a', outcome: 'skipped', rule: 'paused' }]);
  }
});

test('without another target they wait until the provider is resumed, and are let in then', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch, read } = scene;
  const leaver = createQueueLeaver(dispatch);
  const open = createTargetOpener(dispatch);
  const jobs = [];
  for (let index = 0; index < 6; index += 1) jobs.push(await scene.submit());
  await dispatch.pauses.pause('a', dispatch.clock.now());
  await dispatch.reload();
  await leaver.leave();
  const late = await scene.submit();
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 0 });
  expect(await dispatch.rooms.occupied('a')).toMatchObject([{ model: 'm-at-a', count: 7 }]);
  const { record } = await read(late);
  expect(record.progress.place).toMatchObject({
    kind: 'waiting',
    reason: 'paused',
    until: record.request.expires_at,
  });
  scene.advance(3_600_000);
  await open();
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 0 });

  await dispatch.pauses.resume('a', dispatch.clock.now());
  await dispatch.reload();
  // As many as it may call at a time; their successes let in the others.
  await open();
  await open();
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 4 });
  // Nobody has let them in: no worker may be there to do so.
  scene.advance(6000);
  await open();
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 7 });
  expect(await dispatch.rooms.occupied('a')).toEqual([]);
});

test('a cool-down that an operator clears lets in who waited, without a probe', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch } = scene;
  const open = createTargetOpener(dispatch);
  await scene.cool('a', 600_000);
  for (let index = 0; index < 6; index += 1) await scene.submit();
  await open();
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 0 });
  await dispatch.cooldowns.clear('a', undefined, dispatch.clock.now());
  await dispatch.reload();
  await open();
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 4 });
});

test('jobs in the queue of a provider whose workers died move on, however long they stood there', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch, read, dead } = scene;
  const leaver = createQueueLeaver(dispatch);
  const job = await scene.submit();
  scene.advance(3_600_000);
  dead.add('a');
  expect(await leaver.leave()).toBe(0);
  const { record, attempts } = await read(job);
  expect(record.progress.place).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
  expect(attempts).toMatchObject([{ provider: 'a', outcome: 'skipped', rule: 'no_worker' }]);
});

test('a queue that nobody can leave is let alone until something has changed', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dead } = scene;
  let looks = 0;
  const dispatch = { ...scene.dispatch, queue: { ...scene.dispatch.queue } };
  dispatch.queue.first = (...page) => {
    looks += 1;
    return scene.dispatch.queue.first(...page);
  };
  const leaver = createQueueLeaver(dispatch);
  for (let index = 0; index < 60; index += 1) await scene.submit();
  dead.add('a');
  await dispatch.pauses.pause('b', dispatch.clock.now());
  await dispatch.reload();
  await leaveAll(leaver);
  expect(looks).toBeGreaterThan(0);
  looks = 0;
  // As happens every few seconds.
  await dispatch.reload();
  expect(await leaver.leave()).toBeUndefined();
  expect(looks).toBe(0);
  await dispatch.pauses.resume('b', dispatch.clock.now());
  await dispatch.reload();
  await leaveAll(leaver);
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 0 });
});

test('a worker that comes back is a change by itself', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch, dead } = scene;
  const leaver = createQueueLeaver(dispatch);
  await scene.submit();
  dead.add('a').add('b');
  expect(await leaver.leave()).toBeUndefined();
  expect(await leaver.leave()).toBeUndefined();
  dead.delete('b');
  expect(await leaver.leave()).toBe(0);
  expect(await dispatch.queue.counts('b')).toMatchObject({ waiting: 1 });
});

/** A worker of `a` has fetched a turn of the job, and begun it: a call is open. */
async function callAtA({ dispatch }: DispatchScene, job: JobReference, turn = 1): Promise<void> {
  const { redis, store, clock } = dispatch;
  const [id, queue] = entryAtA(dispatch, job, turn);
  await redis.zrem(`${queue}prioritized`, id);
  await redis.lpush(`${queue}active`, id);
  await redis.set(`${queue}${id}:lock`, 'w1');
  await store.begin(job, turn, clock.now(), clock.now() + 30_000);
}

/** The lock by which a dead worker held the turn has run out. */
async function loseLock({ dispatch }: DispatchScene, job: JobReference, turn = 1): Promise<void> {
  const [id, queue] = entryAtA(dispatch, job, turn);
  await dispatch.redis.del(`${queue}${id}:lock`);
}

/** The entry of its turn, and what the keys of the queue begin with. */
function entryAtA(
  { keyPrefix }: OpenDispatch,
  { project, id }: JobReference,
  turn = 1,
): [string, string] {
  return [`${project}.${id}.${turn}`, `${keyPrefix}:queue:{a}:`];
}

test('a call that the death of the last worker cut off is made at the next provider', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch, dead, read } = scene;
  const leaver = createQueueLeaver(dispatch);
  const job = await scene.submit();
  await callAtA(scene, job);
  await loseLock(scene, job);
  expect(await leaver.leave()).toBeUndefined();
  dead.add('a');
  expect(await leaver.leave()).toBe(0);
  const { record, attempts } = await read(job);
  expect(record).toMatchObject({
    status: 'queued',
    turn: 2,
    starts: 1,
    progress: { place: { kind: 'queue', planned: { provider: 'b' } }, cost: { status: 'unknown' } },
  });
  expect(attempts).toMatchObject([
    { number: 1, provider: 'a', outcome: 'interrupted', rule: 'interrupted', maybe_billed: true },
  ]);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 });
  expect(await dispatch.queue.counts('b')).toEqual({ waiting: 1, active: 0, resting: 0 });

  // It was not dead but frozen, and brings what it was asked for.
  const late: Attempt = { ...attempts[0]!, outcome: 'succeeded', token: 1 };
  const end = { v: 1, result: { provider: 'a' } };
  const answer = { token: 1, attempts: [late], endAfter: () => end, result: Buffer.from('{}') };
  expect(await settleLateAnswer(dispatch, job, answer)).toBe(true);
  expect(await read(job)).toMatchObject({ record: { status: 'completed' }, attempts: [late] });
  expect(await dispatch.queue.counts('b')).toEqual({ waiting: 0, active: 0, resting: 0 });
});

test('a turn that BullMQ has taken back, and nobody fetched again, goes on too', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch, dead } = scene;
  const jobs = [await scene.submit(), await scene.submit()];
  for (const job of jobs) {
    await callAtA(scene, job);
    await loseLock(scene, job);
    const [id, queue] = entryAtA(dispatch, job);
    await dispatch.redis.lrem(`${queue}active`, 1, id);
    await dispatch.redis.rpush(`${queue}wait`, id);
  }
  dead.add('a');
  expect(await createQueueLeaver(dispatch).leave()).toBe(0);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 });
  expect(await dispatch.queue.counts('b')).toEqual({ waiting: 2, active: 0, resting: 0 });
});

test('a call whose worker holds its lock goes on, and so does one that leads nowhere else', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch, dead, read } = scene;
  const held = await scene.submit();
  const alone = await scene.submit({ providers: { only: ['a'] } });
  await callAtA(scene, held);
  await callAtA(scene, alone);
  await loseLock(scene, alone);
  const before = [await read(held), await read(alone)];
  dead.add('a');
  expect(await createQueueLeaver(dispatch).leave()).toBeUndefined();
  expect([await read(held), await read(alone)]).toEqual(before);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 2, resting: 0 });
});

test('who was at the last target of a round goes on with the next round, if a worker is there', async () => {
  const scene = await openDispatchScene([{ provider: 'b' }, { provider: 'a' }]);
  const { dispatch, dead, read } = scene;
  const leaver = createQueueLeaver(dispatch);
  const [waiting, called] = [await scene.submit(), await scene.submit()];
  for (const job of [waiting, called]) {
    const { progress } = (await read(job)).record;
    const calls = { ...progress, calls: 1, round_calls: 1 };
    const moving = { request: job, turn: 1, attemptsStored: 0, attemptsMade: [] };
    await moveJob(dispatch, { ...moving, progress: calls }, { turn: 1 });
    await dispatch.queue.remove('b', { project: job.project, id: job.id, turn: 1 });
  }
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 2 });
  await callAtA(scene, called, 2);
  await loseLock(scene, called, 2);
  dead.add('a').add('b');
  await leaveAll(leaver);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 1, active: 1, resting: 0 });

  dead.delete('b');
  await leaveAll(leaver);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 });
  for (const job of [waiting, called]) {
    expect((await read(job)).record.progress).toMatchObject({
      round: 2,
      place: { kind: 'waiting', reason: 'backoff' },
    });
    scene.advance(2000);
    await wakeJob(dispatch, job);
  }
  expect(await dispatch.queue.counts('b')).toEqual({ waiting: 2, active: 0, resting: 0 });
});

test('a call of a paused provider whose worker lives is not cut off', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch, read } = scene;
  const job = await scene.submit();
  await callAtA(scene, job);
  await loseLock(scene, job);
  await dispatch.pauses.pause('a', dispatch.clock.now());
  await dispatch.reload();
  expect(await createQueueLeaver(dispatch).leave()).toBeUndefined();
  expect((await read(job)).record.status).toBe('in_progress');
});

test('a worker that is back while its turn is looked at keeps it', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dead, read } = scene;
  const job = await scene.submit();
  await callAtA(scene, job);
  await loseLock(scene, job);
  dead.add('a');
  const { store, clock } = scene.dispatch;
  const dispatch: OpenDispatch = {
    ...scene.dispatch,
    queue: {
      ...scene.dispatch.queue,
      isHeld: async () => {
        await store.begin(job, 1, clock.now(), clock.now() + 30_000);
        return false;
      },
    },
  };
  await createQueueLeaver(dispatch).leave();
  const { record, attempts } = await read(job);
  expect(record).toMatchObject({ status: 'in_progress', turn: 1, token: 2 });
  expect(attempts).toHaveLength(1);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 1, resting: 0 });
});

/** Until nothing is left to look at. */
async function leaveAll(leaver: QueueLeaver): Promise<void> {
  while ((await leaver.leave()) !== undefined);
}

test('those who cannot leave a queue hold back nobody behind them', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch, dead } = scene;
  const leaver = createQueueLeaver(dispatch);
  for (let index = 0; index < 60; index += 1) {
    await scene.submit({ providers: { only: ['a'] }, priority: index % 10 === 0 ? 3 : 5 });
  }
  await scene.submit();
  dead.add('a');
  await leaveAll(leaver);
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 60 });
  expect(await dispatch.queue.counts('b')).toMatchObject({ waiting: 1 });
});

test('a call whose lock runs out while a long queue is looked through does not wait for its end', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { clock } = scene.dispatch;
  let aheadMs = 0;
  const dispatch = {
    ...scene.dispatch,
    clock: { ...clock, monotonic: () => clock.monotonic() + aheadMs },
  };
  const leaver = createQueueLeaver(dispatch);
  for (let index = 0; index < 120; index += 1) await scene.submit({ providers: { only: ['a'] } });
  const called = await scene.submit();
  await callAtA(scene, called);
  scene.dead.add('a');
  expect(await leaver.leave()).toBeGreaterThan(0);
  await loseLock(scene, called);
  aheadMs = 5000;
  expect(await leaver.leave()).toBe(0);
  expect(await dispatch.queue.counts('b')).toMatchObject({ waiting: 1 });
  expect(await leaver.leave()).toBeUndefined();
});

test('what changes while a long queue is looked through counts for those seen before too', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch, dead } = scene;
  const leaver = createQueueLeaver(dispatch);
  for (let index = 0; index < 120; index += 1) await scene.submit();
  dead.add('a').add('b');
  expect(await leaver.leave()).toBeGreaterThan(0);
  dead.delete('b');
  await leaveAll(leaver);
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 0 });
});

test('a job whose attempts do not open, as their key is missing, leaves like any other', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch } = scene;
  const keyed = sealedDispatch(dispatch);
  const job = await keyed.submitFailedOnce('job_9');
  await dispatch.queue.remove('a', { ...job, turn: 1 });
  const line = { project: job.project, priority: 5, submittedAt: job.created_at, comesBack: true };
  await dispatch.queue.enter('a', { project: job.project, id: job.id, turn: 2 }, line, 0);
  await dispatch.pauses.pause('a', dispatch.clock.now());
  await dispatch.reload();
  await createQueueLeaver(dispatch).leave();
  const stored = await keyed.dispatch.store.read(job);
  expect(stored?.record.progress.place).toMatchObject({ planned: { provider: 'b' } });
  expect(stored?.attempts).toMatchObject([{ number: 1 }, { number: 2, rule: 'paused' }]);
});
