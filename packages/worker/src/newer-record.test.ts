import { RECORD_VERSIONS } from '@understudy/contracts';
import { releaseWaiting } from '@understudy/dispatch';
import { createJobStore, jobKeys } from '@understudy/job-store';
import type { JobStore } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { processTurn } from './process-turn.ts';
import { openWorker } from './testing/worker-scene.ts';
import type { WorkerScene } from './testing/worker-scene.ts';

const NEXT = RECORD_VERSIONS.newest + 1;

/** The store as a service of the next release has it. */
function nextStore({ dispatch: { redis, keyPrefix } }: WorkerScene): JobStore {
  return createJobStore(redis, keyPrefix, () => 0, undefined, {
    written: NEXT,
    newest: NEXT,
  });
}

test('a turn of a record that a newer release wrote is left, and no provider is called', async () => {
  const scene = await openWorker([{ provider: 'a' }]);
  const { dispatch, worker, vendor } = scene;
  const { project, id } = await scene.submit();
  const record = jobKeys(dispatch.keyPrefix, { project, id }).record;
  await dispatch.redis.hset(record, 'v', NEXT);
  const before = await dispatch.redis.hgetall(record);
  const provider = worker.providers.get('a')!;
  expect(await processTurn(worker, provider, { v: 1, project, id, turn: 1 })).toBe('left');
  expect(await dispatch.redis.hgetall(record)).toEqual(before);
  expect(vendor.calls).toEqual([]);
});

test('an answer to a call whose job a newer release took over changes nothing of its record', async () => {
  const scene = await openWorker([{ provider: 'a' }]);
  const { dispatch, vendor } = scene;
  vendor.onCall(/^\/a\//, { delayMs: 800 });
  const job = await scene.submit();
  const { project, id } = job;
  const provider = scene.worker.providers.get('a')!;
  const turn = processTurn(scene.worker, provider, { v: 1, project, id, turn: 1 });
  await vendor.waitForCalls(1);
  const next = nextStore(scene);
  const now = dispatch.clock.now();
  const begun = await next.begin(job, 1, now, now + 30_000);
  if (begun.kind !== 'started') throw new Error('expected a start');
  const moved = await next.transition(job, {
    token: begun.token,
    status: 'queued',
    nextTurn: 2,
    progress: begun.progress,
    dueAt: now + 30_000,
    appended: [],
    folded: [],
  });
  expect(moved.ok).toBe(true);
  const { record } = jobKeys(dispatch.keyPrefix, job);
  const before = await dispatch.redis.hgetall(record);
  expect(await turn).toBe('served');
  expect(await dispatch.redis.hgetall(record)).toEqual(before);
});

test('a job of a newer release stays in its waiting room, and the one behind it goes', async () => {
  const scene = await openWorker([{ provider: 'a' }]);
  const { dispatch, vendor } = scene;
  vendor.onCall(/^\/a\//, { status: 429, headers: { 'retry-after': '60' } });
  const [newer, known] = [await scene.submit(), await scene.submit()];
  await scene.takeTurn(newer);
  await scene.takeTurn(known);
  await dispatch.redis.hset(jobKeys(dispatch.keyPrefix, newer).record, 'v', NEXT);
  const room = { provider: 'a', model: 'm-at-a' };
  scene.advance(61_000);
  expect(await releaseWaiting(dispatch, room, 2)).toBe(2);
  expect(await dispatch.rooms.peek(room, 2)).toEqual([`${newer.project}/${newer.id}`]);
});
