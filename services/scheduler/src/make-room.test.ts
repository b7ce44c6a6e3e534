import { endJob } from '@understudy/dispatch';
import { openDispatchScene } from '@understudy/dispatch/testing';
import { indexJobs } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { alertQueries } from '../../../test/support/metrics-queries.ts';
import { SHARE_OF_ADMISSION, makeRoom } from './make-room.ts';

/** A scene whose broker may use so many bytes, with a finished and a waiting job. */
async function sceneWithBudget(memoryBudgetBytes: number) {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch, submit, read } = scene;
  const finished = await submit();
  await endJob(dispatch, finished, 'cancelled');
  const waiting = await submit();
  const records = [(await read(finished)).record, (await read(waiting)).record];
  await indexJobs(dispatch.redis, dispatch.keyPrefix, finished.project, records);
  const views = dispatch.views();
  const redis = { ...views.settings.redis, memoryBudgetBytes };
  return {
    dispatch: {
      ...dispatch,
      views: () => ({ ...views, settings: { ...views.settings, redis } }),
    },
    finished,
    waiting,
  };
}

test('short of memory, finished jobs go before their time and unfinished ones stay', async () => {
  const { dispatch, finished, waiting } = await sceneWithBudget(1000);
  await makeRoom(dispatch);
  expect(await dispatch.store.read(finished)).toBeUndefined();
  expect(await dispatch.store.read(waiting)).toBeDefined();
});

test('with room left nothing is dropped', async () => {
  const { dispatch, finished } = await sceneWithBudget(Number.MAX_SAFE_INTEGER);
  await makeRoom(dispatch);
  expect(await dispatch.store.read(finished)).toBeDefined();
});

test('of memory that gets short an alert tells before anything is dropped, and another of what is', () => {
  const queries = new Map(alertQueries().map(({ name, query }) => [name, query]));
  const nearlyFull = queries.get('UnderstudyRedisNearlyFull') ?? '';
  const [, factor] = /> ([\d.]+) \* .*admission_stop_share/.exec(nearlyFull) ?? [];
  expect(Number(factor)).toBeLessThan(SHARE_OF_ADMISSION);
  expect(queries.get('UnderstudyAnswersDropped')).toContain('understudy_jobs_dropped_total');
});

test('of memory that is so short that no job is accepted another alert tells', () => {
  const closed = alertQueries().find(({ name }) => name === 'UnderstudyAdmissionClosed');
  expect(closed?.query).toMatch(
    /^max by \(namespace\) \(understudy_redis_memory_share\)\s+>= max by \(namespace\) \(understudy_redis_admission_stop_share\)$/m,
  );
});
