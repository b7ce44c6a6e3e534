import { openDispatchScene } from '@understudy/dispatch/testing';
import type { DispatchScene } from '@understudy/dispatch/testing';
import type { JobReference } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { lookForWays } from './look-for-ways.ts';
import { relayOutbox } from './relay-outbox.ts';
import { visitDueJobs } from './visit-due-jobs.ts';

const FIRST_CHECK_MS = 11_000;

/** The route of `m` leads to `a` alone, which is paused; jobs that wait had their first look. */
async function openWaitingScene() {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch } = scene;
  const { settings } = dispatch.views();
  const route = settings.routes['m']!;
  route.targets = [{ provider: 'a' }];
  await dispatch.pauses.pause('a', dispatch.clock.now());
  await dispatch.reload();
  const visit = () => visitDueJobs(dispatch, async () => undefined);
  return {
    ...scene,
    settings,
    route,
    visit,
    waiting: async (count: number) => {
      const jobs: JobReference[] = [];
      for (let index = 0; index < count; index += 1) jobs.push(await scene.submit());
      await relayOutbox(dispatch);
      scene.advance(FIRST_CHECK_MS);
      await visit();
      await lookForWays(dispatch);
      expect(await visit()).toEqual([]);
      return jobs;
    },
  };
}

async function placeOf({ read }: DispatchScene, job: JobReference) {
  return (await read(job)).record.progress.place;
}

test('jobs that wait go at once to a target that their route is given', async () => {
  const scene = await openWaitingScene();
  const jobs = await scene.waiting(3);
  scene.route.targets = [{ provider: 'a' }, { provider: 'b' }];
  await lookForWays(scene.dispatch);
  expect(await scene.visit()).toEqual(['woken', 'woken', 'woken']);
  for (const job of jobs) {
    expect(await placeOf(scene, job)).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
  }
});

test('a change that leads nowhere is looked at once, and as long as nothing changes nobody is', async () => {
  const scene = await openWaitingScene();
  await scene.waiting(2);
  await lookForWays(scene.dispatch);
  expect(await scene.visit()).toEqual([]);
  scene.route.targets = [{ provider: 'a', model: 'n' }];
  await lookForWays(scene.dispatch);
  expect(await scene.visit()).toHaveLength(2);
  await lookForWays(scene.dispatch);
  expect(await scene.visit()).toEqual([]);
});

test('jobs leave the queue of a provider that is none any more', async () => {
  const scene = await openWaitingScene();
  scene.route.targets = [{ provider: 'b' }];
  const [job] = await scene.waiting(1);
  expect(await placeOf(scene, job!)).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
  await scene.dispatch.pauses.resume('a', scene.dispatch.clock.now());
  await scene.dispatch.reload();
  delete scene.settings.providers['b'];
  scene.dead.add('b');
  scene.route.targets = [{ provider: 'a' }];
  await lookForWays(scene.dispatch);
  expect(await scene.visit()).toEqual(['moved_on']);
  expect(await placeOf(scene, job!)).toMatchObject({ kind: 'queue', planned: { provider: 'a' } });
});

test('those who wait in the queue of a provider that goes on stay there unseen', async () => {
  const scene = await openWaitingScene();
  scene.route.targets = [{ provider: 'b' }];
  await scene.waiting(1);
  scene.route.targets = [{ provider: 'b' }, { provider: 'a' }];
  await lookForWays(scene.dispatch);
  expect(await scene.visit()).toEqual([]);
});

test('a model is forgotten when no list of unfinished jobs is left of it', async () => {
  const scene = await openWaitingScene();
  const { redis, keyPrefix } = scene.dispatch;
  await scene.waiting(1);
  const noted = () => redis.hkeys(`${keyPrefix}:{p:acme}:ways`);
  expect(await noted()).toEqual(['m']);
  await redis.del(`${keyPrefix}:{p:acme}:kinds`);
  await lookForWays(scene.dispatch);
  expect(await noted()).toEqual([]);
});
