import { endJob } from '@understudy/dispatch';
import { openDispatchScene } from '@understudy/dispatch/testing';
import { SHARD_COUNT, jobKeys } from '@understudy/job-store';
import { createLimits, holdersOf } from '@understudy/limits';
import { expect, test } from 'vitest';
import { readOutboxPage } from './outbox-page.ts';
import { createLimitRelay } from './relay-limits.ts';
import { relayOutbox } from './relay-outbox.ts';

const SHARDS = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);
const HOLDERS = holdersOf(
  { project: 'acme', key: 'key_1', keyLimits: { jobs_waiting: 9 } },
  { acme: { jobs_waiting: 9 } },
);

async function openScene() {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { redis, keyPrefix, clock, store } = scene.dispatch;
  const limits = createLimits(redis, keyPrefix, (project) => `${keyPrefix}:{p:${project}}:bytes`);
  return {
    ...scene,
    relay: createLimitRelay(scene.dispatch),
    use: () => limits.use('acme', HOLDERS, clock.now()),
    submitCounted: async (id: string) => {
      await limits.admitJobs('acme', HOLDERS, [id], clock.now());
      return scene.submit({ id, key: 'key_1' });
    },
    /** Ends a job as a worker does whose calls cost this. */
    end: (id: string, amount: number) =>
      store.transition(
        { project: 'acme', id },
        {
          status: 'completed',
          nextTurn: 2,
          appended: [],
          folded: [],
          end: {
            v: 1,
            result: { provider: 'a' },
            cost: { status: 'known', amount, currency: 'USD', prices_as_of: '2026-11-01' },
          },
          endedAt: clock.now(),
          keepMs: 60_000,
        },
      ),
  };
}

test('a relay that dies before it has trimmed the outbox counts no cost and no job twice', async () => {
  const { dispatch, relay, submitCounted, end, use } = await openScene();
  for (const id of ['job_1', 'job_2', 'job_3']) await submitCounted(id);
  await end('job_1', 0.25);
  await end('job_2', 0.125);
  const page = await readOutboxPage(dispatch, SHARDS, 100);
  await relay(page);
  await relay(page);
  await relayOutbox(dispatch, [relay]);
  await end('job_3', 0.5);
  await relayOutbox(dispatch, [relay]);
  await relayOutbox(dispatch, [relay]);
  const empty = { jobsWaiting: 0, bytesStored: 0, spentToday: 0.875 };
  expect(await use()).toEqual([empty, empty]);
});

test('a job that ends without a call costs nothing and gives its place back', async () => {
  const { dispatch, relay, submitCounted, use } = await openScene();
  const job = await submitCounted('job_1');
  await relayOutbox(dispatch, [relay]);
  expect(await use()).toMatchObject([{ jobsWaiting: 1 }, { jobsWaiting: 1 }]);
  await endJob(dispatch, job, 'cancelled');
  await relayOutbox(dispatch, [relay]);
  expect(await use()).toMatchObject([
    { jobsWaiting: 0, spentToday: 0 },
    { jobsWaiting: 0, spentToday: 0 },
  ]);
});

test('a job whose record is gone when its end is relayed gives its place back all the same', async () => {
  const { dispatch, relay, submitCounted, use } = await openScene();
  const job = await submitCounted('job_1');
  await relayOutbox(dispatch, [relay]);
  await endJob(dispatch, job, 'cancelled');
  await dispatch.redis.del(jobKeys(dispatch.keyPrefix, job).record);
  await relayOutbox(dispatch, [relay]);
  expect(await use()).toMatchObject([{ jobsWaiting: 0 }, { jobsWaiting: 0 }]);
});
