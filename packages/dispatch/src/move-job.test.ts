import type { JobReference } from '@understudy/job-store';
import type { QueueEntry } from '@understudy/contracts';
import { startQueueConsumer } from '@understudy/queue';
import { createLogger, openRedis } from '@understudy/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { testRedisUrl } from '../../../test/support/redis.ts';
import { moveJob } from './move-job.ts';
import { openDispatchScene } from './testing/dispatch-scene.ts';
import type { DispatchScene } from './testing/dispatch-scene.ts';

const unreachable = (): Promise<boolean> => Promise.reject(new Error('Redis went away'));
const targets = [{ provider: 'a' }, { provider: 'b' }];

/** Moves a job on from `a`, as whoever holds this token does. */
async function moveOn({ dispatch, read }: DispatchScene, job: JobReference, token: number) {
  const { record } = await read(job);
  const progress = { ...record.progress, closed: { a: 'default.status_400' } };
  return moveJob(
    dispatch,
    { request: record.request, progress, turn: record.turn, attemptsStored: 0, attemptsMade: [] },
    { token },
  );
}

async function firstEntry({ dispatch }: DispatchScene, provider: string): Promise<QueueEntry> {
  const { promise, resolve } = Promise.withResolvers<QueueEntry>();
  const logger = createLogger('test', 'silent');
  const redis = openRedis(testRedisUrl(), 'patient', logger);
  const { keyPrefix } = dispatch;
  const options = { provider, keyPrefix, concurrency: 1, logger };
  const consumer = await startQueueConsumer(redis, options, async (entry) => {
    resolve(entry);
    return 'served';
  });
  onTestFinished(async () => {
    await consumer.close();
    redis.disconnect();
  });
  return promise;
}

test('a job that its holder moves is in its next queue, in the name of that start', async () => {
  const scene = await openDispatchScene(targets);
  const job = await scene.submit();
  const now = scene.dispatch.clock.now();
  await scene.dispatch.store.begin(job, 1, now, now + 30_000);
  expect(await moveOn(scene, job, 1)).toMatchObject({ ok: true });
  expect((await scene.read(job)).record).toMatchObject({ status: 'queued', turn: 2 });
  const { project, id } = job;
  expect(await firstEntry(scene, 'b')).toEqual({ v: 1, project, id, turn: 2, by: 1 });
});

test('a move that the record does not take leaves nothing in the next queue', async () => {
  const scene = await openDispatchScene(targets);
  const job = await scene.submit();
  const now = scene.dispatch.clock.now();
  await scene.dispatch.store.begin(job, 1, now, now + 30_000);
  await scene.dispatch.store.begin(job, 1, now, now + 30_000);
  expect(await moveOn(scene, job, 1)).toMatchObject({ ok: false, status: 'in_progress' });
  expect(await scene.dispatch.queue.counts('b')).toEqual({ waiting: 0, active: 0, resting: 0 });
});

test('a move that is asked again after its reply was lost leaves the job in its next queue', async () => {
  const scene = await openDispatchScene(targets);
  const job = await scene.submit();
  const { clock, store } = scene.dispatch;
  await store.begin(job, 1, clock.now(), clock.now() + 30_000);
  const transition: typeof store.transition = async (...given) => {
    await store.transition(...given);
    return store.transition(...given);
  };
  const dispatch = { ...scene.dispatch, store: { ...store, transition } };
  expect(await moveOn({ ...scene, dispatch }, job, 1)).toMatchObject({ ok: false, turn: 2 });
  expect((await scene.read(job)).record).toMatchObject({ status: 'queued', turn: 2 });
  expect(await dispatch.queue.counts('b')).toEqual({ waiting: 1, active: 0, resting: 0 });
  expect(await firstEntry(scene, 'b')).toMatchObject({ id: job.id, turn: 2, by: 1 });
});

test('a move that the record does not take says so, though the queue could not be reached', async () => {
  const scene = await openDispatchScene(targets);
  const job = await scene.submit();
  const { clock, queue, store } = scene.dispatch;
  await store.begin(job, 1, clock.now(), clock.now() + 30_000);
  await store.begin(job, 1, clock.now(), clock.now() + 30_000);
  const dispatch = { ...scene.dispatch, queue: { ...queue, enter: unreachable } };
  expect(await moveOn({ ...scene, dispatch }, job, 1)).toMatchObject({ ok: false });
});

test('record and next queue are asked of Redis in one turn of the event loop', async () => {
  const scene = await openDispatchScene(targets);
  const job = await scene.submit();
  const { store, queue, clock } = scene.dispatch;
  await store.begin(job, 1, clock.now(), clock.now() + 30_000);
  const asked: string[] = [];
  const dispatch = {
    ...scene.dispatch,
    store: {
      ...store,
      transition: async (...given: Parameters<typeof store.transition>) => {
        asked.push('record');
        const moved = await store.transition(...given);
        asked.push('record changed');
        return moved;
      },
    },
    queue: {
      ...queue,
      enter: (...given: Parameters<typeof queue.enter>) => {
        asked.push('queue');
        return queue.enter(...given);
      },
    },
  };
  await moveOn({ ...scene, dispatch }, job, 1);
  expect(asked).toEqual(['record', 'queue', 'record changed']);
});
