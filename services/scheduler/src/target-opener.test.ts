import { providerKeys } from '@understudy/availability';
import { endJob } from '@understudy/dispatch';
import { openDispatchScene } from '@understudy/dispatch/testing';
import type { DispatchScene } from '@understudy/dispatch/testing';
import type { JobReference } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { createTargetOpener } from './target-opener.ts';

/** So many jobs waiting for a target that cools for ten seconds. */
async function outage(count: number): Promise<DispatchScene & { jobs: JobReference[] }> {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  await scene.cool('a', 10_000);
  const jobs: JobReference[] = [];
  for (let index = 0; index < count; index += 1) jobs.push(await scene.submit());
  return { ...scene, jobs };
}

async function queuedAt({ dispatch }: DispatchScene): Promise<number> {
  return (await dispatch.queue.counts('a')).waiting;
}

test('while a target cools nobody is let in, and the opener knows when to look again', async () => {
  const scene = await outage(3);
  const open = createTargetOpener(scene.dispatch);
  const soonerMs = await open();
  expect(soonerMs).toBeGreaterThan(8000);
  expect(soonerMs).toBeLessThanOrEqual(10_001);
  expect(await queuedAt(scene)).toBe(0);
});

test('at the end of a cool-down one job at a time is let through to probe', async () => {
  const scene = await outage(3);
  const open = createTargetOpener(scene.dispatch);
  scene.advance(10_000);
  await open();
  expect(await queuedAt(scene)).toBe(1);
  await open();
  expect(await queuedAt(scene)).toBe(1);
  // It took no permit: it may have been lost with its worker.
  scene.advance(2500);
  await open();
  expect(await queuedAt(scene)).toBe(2);
});

test('while a probe runs nobody else is let through', async () => {
  const scene = await outage(3);
  const open = createTargetOpener(scene.dispatch);
  scene.advance(10_000);
  const now = scene.dispatch.clock.now();
  await scene.dispatch.cooldowns.takeProbe('a', 'm-at-a', now, 'job_9.1');
  await scene.dispatch.reload();
  await open();
  expect(await queuedAt(scene)).toBe(0);
});

test('jobs that were forgotten beside an open target are let in as many as it takes', async () => {
  const scene = await outage(6);
  const open = createTargetOpener(scene.dispatch);
  scene.advance(10_000);
  const now = scene.dispatch.clock.now();
  await scene.dispatch.cooldowns.reportSuccess('a', 'm-at-a', now, now);
  await scene.dispatch.reload();
  await open();
  expect(await queuedAt(scene)).toBe(0);
  scene.advance(6000);
  await open();
  expect(await queuedAt(scene)).toBe(4);
  await open();
  expect(await queuedAt(scene)).toBe(6);
});

test('rooms that nobody waits in any more are forgotten within a minute', async () => {
  const scene = await outage(1);
  const { dispatch, jobs } = scene;
  const { redis, keyPrefix } = dispatch;
  const { waitingModels } = providerKeys(keyPrefix, 'a');
  const open = createTargetOpener(dispatch);
  await open();
  expect(await redis.smembers(waitingModels)).toEqual(['m-at-a']);
  await endJob(dispatch, jobs[0]!, 'cancelled');
  scene.advance(60_000);
  await open();
  expect(await redis.smembers(waitingModels)).toEqual([]);
});
