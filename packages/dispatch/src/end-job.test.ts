import { jobKeys } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { endJob, endQueued } from './end-job.ts';
import { openDispatchScene } from './testing/dispatch-scene.ts';

test('a queued job that is cancelled leaves its queue and never starts', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  const job = await submit();
  const stored = await endJob(dispatch, job, 'cancelled');
  expect(stored?.record).toMatchObject({
    status: 'cancelled',
    end: { error: { code: 'cancelled' } },
  });
  expect(stored?.attempts).toEqual([]);
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 });
  expect(await dispatch.store.begin(job, 1, 0, 0)).toMatchObject({ kind: 'stale' });
});

test('a finished job stays as it ended, and an unknown one is nothing', async () => {
  const { dispatch, submit, read } = await openDispatchScene([{ provider: 'a' }]);
  const job = await submit();
  await endJob(dispatch, job, 'cancelled');
  const before = await read(job);
  expect(await endJob(dispatch, job, 'expired')).toEqual(before);
  expect(await endJob(dispatch, { project: 'other', id: job.id }, 'cancelled')).toBeUndefined();
});

test('a cancel and a deadline at the same moment end the job once', async () => {
  const { dispatch, submit, read } = await openDispatchScene([{ provider: 'a' }]);
  const job = await submit();
  const ends = await Promise.all([
    endJob(dispatch, job, 'cancelled'),
    endJob(dispatch, job, 'expired'),
    endJob(dispatch, job, 'cancelled'),
  ]);
  const { record } = await read(job);
  expect(new Set(ends.map((stored) => stored?.record.status))).toEqual(new Set([record.status]));
  expect(record.version).toBe(2);
});

test('a waiting job that was begun all the same can be ended, without a call that nobody made', async () => {
  const { dispatch, submit, cool } = await openDispatchScene([{ provider: 'a' }]);
  await cool('a', 60_000);
  const job = await submit();
  const { record } = jobKeys(dispatch.keyPrefix, job);
  const now = dispatch.clock.now();
  await dispatch.redis.hset(record, { st: 'in_progress', tok: 1, starts: 1, run: now });
  const stored = await endJob(dispatch, job, 'cancelled');
  expect(stored).toMatchObject({
    record: { status: 'cancelled' },
    attempts: [{ outcome: 'skipped' }],
  });
  expect(stored?.record.end).not.toHaveProperty('cost');
});

test('a job is ended as it was read only where it still stands there, and nobody runs it', async () => {
  const { dispatch, submit, read } = await openDispatchScene([{ provider: 'a' }]);
  const [queued, begun] = [await submit(), await submit()];
  const asRead = [(await read(queued)).record, (await read(begun)).record];
  await dispatch.store.begin(begun, 1, dispatch.clock.now(), dispatch.clock.now() + 30_000);
  const error = { code: 'stopped', message: 'in the midst' };
  expect(await endQueued(dispatch, asRead[0]!, 'cancelled', error)).toBe(true);
  expect(await endQueued(dispatch, asRead[0]!, 'cancelled', error)).toBe(false);
  expect(await endQueued(dispatch, asRead[1]!, 'cancelled')).toBe(false);
  const running = await read(begun);
  expect(await endQueued(dispatch, running.record, 'cancelled')).toBe(false);
  expect(await read(begun)).toEqual(running);
  expect(await read(queued)).toMatchObject({
    record: { status: 'cancelled', version: 2, end: { error } },
    attempts: [],
  });
  expect(await dispatch.queue.has('a', { ...queued, turn: 1 })).toBe(false);
});
