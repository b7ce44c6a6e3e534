import type { Attempt } from '@understudy/contracts';
import { moveJob } from '@understudy/dispatch';
import { providerKeys } from '@understudy/availability';
import { openDispatchScene } from '@understudy/dispatch/testing';
import type { DispatchScene } from '@understudy/dispatch/testing';
import type { JobReference } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { createWayFinder } from './look-for-ways.ts';
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
  const look = createWayFinder(dispatch);
  const visit = () => visitDueJobs(dispatch, async () => undefined);
  return {
    ...scene,
    settings,
    route,
    look,
    visit,
    /** A job whose call at `a` failed, and which is to try again minutes later. */
    resting: async () => {
      await dispatch.pauses.resume('a', dispatch.clock.now());
      await dispatch.reload();
      const job = await scene.submit();
      const now = dispatch.clock.now();
      await dispatch.store.begin(job, 1, now, now);
      const { progress } = (await scene.read(job)).record;
      const called = { ...progress, round: 10, calls: 1, round_calls: 1 };
      const attemptsMade = [failedAt('a', now)];
      await moveJob(
        dispatch,
        { request: job, progress: called, turn: 1, attemptsStored: 0, attemptsMade },
        { token: 1 },
      );
      await relayOutbox(dispatch);
      return job;
    },
    waiting: async (count: number) => {
      const jobs: JobReference[] = [];
      for (let index = 0; index < count; index += 1) jobs.push(await scene.submit());
      await relayOutbox(dispatch);
      scene.advance(FIRST_CHECK_MS);
      await visit();
      await look();
      expect(await visit()).toEqual([]);
      return jobs;
    },
  };
}

function failedAt(provider: string, startedAt: number): Attempt {
  return {
    number: 1,
    round: 10,
    target: provider,
    provider,
    model_requested: 'm',
    outcome: 'failed',
    started_at: startedAt,
    error: { message: 'no' },
  };
}

async function placeOf({ read }: DispatchScene, job: JobReference) {
  return (await read(job)).record.progress.place;
}

test('jobs that wait go at once to a target that their route is given', async () => {
  const scene = await openWaitingScene();
  const jobs = await scene.waiting(3);
  scene.route.targets = [{ provider: 'a' }, { provider: 'b' }];
  await scene.look();
  expect(await scene.visit()).toEqual(['woken', 'woken', 'woken']);
  for (const job of jobs) {
    expect(await placeOf(scene, job)).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
  }
});

test('jobs that wait wait for a new target too which is closed as they are looked at', async () => {
  const scene = await openWaitingScene();
  const [job] = await scene.waiting(1);
  scene.route.targets = [{ provider: 'a' }, { provider: 'b' }];
  await scene.cool('b', 60_000);
  await scene.look();
  expect(await scene.visit()).toEqual(['woken']);
  const { rooms } = scene.dispatch;
  const both = ['a', 'b'].map((provider) => ({ provider, model: `m-at-${provider}` }));
  expect(await placeOf(scene, job!)).toMatchObject({ kind: 'waiting', rooms: both });
  for (const room of both) expect(await rooms.peek(room, 1)).toEqual([`acme/${job!.id}`]);
  scene.advance(FIRST_CHECK_MS);
  expect(await scene.visit()).toEqual(['in_place']);
});

test('jobs that wait for a new target as well are not led past those who wait for the old one', async () => {
  const scene = await openWaitingScene();
  await scene.dispatch.pauses.resume('a', scene.dispatch.clock.now());
  await scene.dispatch.reload();
  await scene.cool('a', FIRST_CHECK_MS);
  const [job] = await scene.waiting(1);
  expect(await placeOf(scene, job!)).toMatchObject({ kind: 'waiting' });
  // By now a single job may go there and try.
  scene.route.targets = [{ provider: 'a' }, { provider: 'b' }];
  await scene.look();
  expect(await scene.visit()).toEqual(['woken']);
  expect(await placeOf(scene, job!)).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
});

test('a job that rests goes at once to a target that its route is given, and to no other', async () => {
  const scene = await openWaitingScene();
  const job = await scene.resting();
  await scene.look();
  scene.advance(FIRST_CHECK_MS);
  expect(await scene.visit()).toEqual(['in_place']);
  expect(await placeOf(scene, job)).toMatchObject({ kind: 'waiting', reason: 'backoff' });
  scene.route.targets = [{ provider: 'a' }, { provider: 'b' }];
  await scene.look();
  expect(await scene.visit()).toEqual(['woken']);
  expect(await placeOf(scene, job)).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
});

test('jobs that were led past a new target for want of a worker go there as they are seen again', async () => {
  const scene = await openWaitingScene();
  const [job] = await scene.waiting(1);
  scene.advance(100_000);
  await scene.visit();
  scene.dead.add('b');
  scene.route.targets = [{ provider: 'a' }, { provider: 'b' }];
  await scene.look();
  expect(await scene.visit()).toEqual(['woken']);
  expect(await placeOf(scene, job!)).toMatchObject({ kind: 'waiting', reason: 'backoff' });
  scene.dead.delete('b');
  scene.advance(FIRST_CHECK_MS);
  expect(await scene.visit()).toEqual(['woken']);
  expect(await placeOf(scene, job!)).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
});

test('a change that leads nowhere is looked at once, and as long as nothing changes nobody is', async () => {
  const scene = await openWaitingScene();
  await scene.waiting(2);
  await scene.look();
  expect(await scene.visit()).toEqual([]);
  scene.route.targets = [{ provider: 'a', model: 'n' }];
  await scene.look();
  expect(await scene.visit()).toHaveLength(2);
  await scene.look();
  expect(await scene.visit()).toEqual([]);
});

test('jobs leave the queue of a provider that is none any more', async () => {
  const scene = await openWaitingScene();
  scene.route.targets = [{ provider: 'b' }];
  const [job] = await scene.waiting(1);
  expect(await placeOf(scene, job!)).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
  await scene.dispatch.pauses.resume('a', scene.dispatch.clock.now());
  await scene.dispatch.reload();
  await takeOut(scene, 'b');
  scene.route.targets = [{ provider: 'a' }];
  await scene.look();
  expect(await scene.visit()).toEqual(['moved_on']);
  expect(await placeOf(scene, job!)).toMatchObject({ kind: 'queue', planned: { provider: 'a' } });
});

/** This process does not know the provider, and no worker serves it any more. */
async function takeOut({ dispatch, dead }: DispatchScene, provider: string): Promise<void> {
  delete dispatch.views().settings.providers[provider];
  dead.add(provider);
  await dispatch.redis.del(providerKeys(dispatch.keyPrefix, provider).beats);
}

/** One whose job stands in the queue of `b`, to which its route leads no longer: it is `a` now. */
async function openLeavingScene() {
  const scene = await openWaitingScene();
  scene.route.targets = [{ provider: 'b' }];
  const [job] = await scene.waiting(1);
  expect(await placeOf(scene, job!)).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
  scene.route.targets = [{ provider: 'a' }];
  await scene.look();
  expect(await scene.visit()).toEqual([]);
  return {
    ...scene,
    job: job!,
    /** Providers are read as a process starts. */
    restart: async () => {
      await takeOut(scene, 'b');
      return createWayFinder(scene.dispatch);
    },
  };
}

test('jobs leave the queue of a provider that is none since a restart though no way has changed', async () => {
  const scene = await openLeavingScene();
  await scene.dispatch.pauses.resume('a', scene.dispatch.clock.now());
  await scene.dispatch.reload();
  const look = await scene.restart();
  await look();
  expect(await scene.visit()).toEqual(['moved_on']);
  const place = await placeOf(scene, scene.job);
  expect(place).toMatchObject({ kind: 'queue', planned: { provider: 'a' } });
});

test('jobs leave the queue of a provider that is none any more for where their route has them wait', async () => {
  const scene = await openLeavingScene();
  const look = await scene.restart();
  await look();
  expect(await scene.visit()).toEqual(['moved_on']);
  const rooms = [{ provider: 'a', model: 'm-at-a' }];
  expect(await placeOf(scene, scene.job)).toMatchObject({ kind: 'waiting', rooms });
});

test('jobs that cannot leave the queue of a provider that is none any more are looked at once', async () => {
  const scene = await openLeavingScene();
  const look = await scene.restart();
  scene.dead.add('a');
  scene.route.targets = [];
  await look();
  expect(await scene.visit()).toEqual(['in_place']);
  await look();
  expect(await scene.visit()).toEqual([]);
});

test('jobs stay in the queue of a provider that their route leads to before this process knows it', async () => {
  const scene = await openWaitingScene();
  scene.route.targets = [{ provider: 'b' }];
  await scene.waiting(1);
  delete scene.settings.providers['b'];
  scene.dead.add('b');
  await createWayFinder(scene.dispatch)();
  expect(await scene.visit()).toEqual([]);
  scene.advance(100 * FIRST_CHECK_MS);
  expect(await scene.visit()).toEqual(['in_place']);
});

test('jobs stay in the queue of a provider that this process does not know yet while workers serve it', async () => {
  const scene = await openLeavingScene();
  delete scene.settings.providers['b'];
  scene.dead.add('b');
  const look = createWayFinder(scene.dispatch);
  await look();
  expect(await scene.visit()).toEqual([]);
  scene.advance(FIRST_CHECK_MS);
  await scene.visit();
  expect(await placeOf(scene, scene.job)).toMatchObject({ planned: { provider: 'b' } });
  await takeOut(scene, 'b');
  await look();
  expect(await scene.visit()).toEqual(['moved_on']);
  const rooms = [{ provider: 'a', model: 'm-at-a' }];
  expect(await placeOf(scene, scene.job)).toMatchObject({ kind: 'waiting', rooms });
});

test('those who wait in the queue of a provider that goes on stay there unseen', async () => {
  const scene = await openWaitingScene();
  scene.route.targets = [{ provider: 'b' }];
  await scene.waiting(1);
  scene.route.targets = [{ provider: 'b' }, { provider: 'a' }];
  await scene.look();
  expect(await scene.visit()).toEqual([]);
});

test('a model is forgotten when no list of unfinished jobs is left of it', async () => {
  const scene = await openWaitingScene();
  const { redis, keyPrefix } = scene.dispatch;
  await scene.waiting(1);
  const noted = () => redis.hkeys(`${keyPrefix}:{p:acme}:ways`);
  expect(await noted()).toEqual(['m']);
  await redis.del(`${keyPrefix}:{p:acme}:kinds`);
  await scene.look();
  expect(await noted()).toEqual([]);
});
