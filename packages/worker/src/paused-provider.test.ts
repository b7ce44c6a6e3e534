import { releaseWaiting } from '@understudy/dispatch';
import { expect, test } from 'vitest';
import { openWorker } from './testing/worker-scene.ts';
import type { WorkerScene } from './testing/worker-scene.ts';

async function pause({ dispatch }: WorkerScene, provider: string): Promise<void> {
  await dispatch.pauses.pause(provider, dispatch.clock.now());
  await dispatch.availability.reload([provider]);
}

test('a job whose turn comes at a paused provider goes to the next one without a call', async () => {
  const scene = await openWorker([{ provider: 'a' }, { provider: 'b' }]);
  const job = await scene.submit();
  await pause(scene, 'a');
  const moved = await scene.takeTurn(job);
  expect(moved.record.progress.place).toMatchObject({ kind: 'queue', planned: { provider: 'b' } });
  const done = await scene.takeTurn(job);
  expect(done.record.status).toBe('completed');
  expect(done.attempts).toMatchObject([
    { provider: 'a', outcome: 'skipped', rule: 'paused', verdict: 'next' },
    { provider: 'b', outcome: 'succeeded' },
  ]);
  expect(scene.vendor.calls.map(({ path }) => path.split('/')[1])).toEqual(['b']);
});

test('at the end of a cool-down no probe goes through while the provider is paused', async () => {
  const scene = await openWorker([{ provider: 'a' }]);
  const { dispatch, vendor } = scene;
  const takeBack = vendor.onCall(/^\/a\//, { status: 429, headers: { 'retry-after': '30' } });
  const first = await scene.submit();
  await scene.takeTurn(first);
  takeBack();
  vendor.reset();
  scene.advance(31_000);
  const probe = await scene.submit();
  await pause(scene, 'a');
  const { record } = await scene.takeTurn(probe);
  expect(record.progress.place).toMatchObject({ kind: 'waiting', reason: 'paused' });
  expect(vendor.calls).toEqual([]);
  // Nobody holds a permit that the next probe would have to wait for.
  const [cooldown] = dispatch.availability.cooldowns('a');
  expect(cooldown).toMatchObject({ cooling: true, probes: {} });
  await dispatch.pauses.resume('a', dispatch.clock.now());
  await dispatch.availability.reload(['a']);
  await scene.wake(probe);
  expect((await scene.takeTurn(probe)).record.status).toBe('completed');
});

test('a success after a resume lets in those who still wait', async () => {
  const scene = await openWorker([{ provider: 'a' }]);
  await pause(scene, 'a');
  const jobs = [await scene.submit(), await scene.submit(), await scene.submit()];
  await scene.dispatch.pauses.resume('a', scene.dispatch.clock.now());
  await scene.dispatch.availability.reload(['a']);
  const [first, ...others] = jobs;
  await releaseWaiting(scene.dispatch, { provider: 'a', model: 'm-at-a' }, 1);
  await scene.takeTurn(first!);
  for (const job of others) {
    expect((await scene.read(job)).record.progress.place).toMatchObject({ kind: 'queue' });
  }
});
