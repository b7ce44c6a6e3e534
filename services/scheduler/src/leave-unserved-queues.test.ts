import { openDispatchScene } from '@understudy/dispatch/testing';
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
  const { dispatch, dead } = scene;
  const leaver = createQueueLeaver(dispatch);
  await scene.submit();
  dead.add('a').add('b');
  expect(await leaver.leave()).toBeUndefined();
  dead.delete('b');
  expect(await leaver.leave()).toBeUndefined();
  leaver.lookAgain();
  expect(await leaver.leave()).toBe(0);
  expect(await dispatch.queue.counts('b')).toMatchObject({ waiting: 1 });
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

test('what changes while a long queue is looked through counts for those seen before too', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch, dead } = scene;
  const leaver = createQueueLeaver(dispatch);
  for (let index = 0; index < 120; index += 1) await scene.submit();
  dead.add('a').add('b');
  expect(await leaver.leave()).toBeGreaterThan(0);
  dead.delete('b');
  leaver.lookAgain();
  await leaveAll(leaver);
  expect(await dispatch.queue.counts('a')).toMatchObject({ waiting: 0 });
});
