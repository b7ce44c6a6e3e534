import { expect, test } from 'vitest';
import { releaseWaiting } from './release-waiting.ts';
import { openDispatchScene, sealedDispatch } from './testing/dispatch-scene.ts';
import type { DispatchScene } from './testing/dispatch-scene.ts';

const ROOM = { provider: 'a', model: 'm-at-a' };

async function open({ dispatch }: DispatchScene): Promise<void> {
  const now = dispatch.clock.now();
  await dispatch.cooldowns.reportSuccess('a', 'm-at-a', now, now);
  await dispatch.reload();
}

test('who waits behind a job that cannot be read is let out, and it stays', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch } = scene;
  await scene.cool('a', 600_000);
  await sealedDispatch(dispatch).submit({ id: 'job_0' });
  const behind = await scene.submit();
  await open(scene);
  expect(await dispatch.rooms.peek(ROOM, 1)).toEqual(['acme/job_0']);
  expect(await releaseWaiting(dispatch, ROOM, 1)).toBe(1);
  expect((await scene.read(behind)).record.progress.place).toMatchObject({ kind: 'queue' });
  expect(await dispatch.rooms.peek(ROOM, 2)).toEqual(['acme/job_0']);
});

test('a job that cannot be failed, as an attempt does not open, holds back nobody', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch } = scene;
  await scene.cool('a', 600_000);
  // No target is left to it.
  await sealedDispatch(dispatch).submitFailedOnce('job_9', { a: 'default.status_404' });
  const behind = await scene.submit();
  await open(scene);
  expect(await releaseWaiting(dispatch, ROOM, 2)).toBe(2);
  expect((await scene.read(behind)).record.progress.place).toMatchObject({ kind: 'queue' });
  expect(await dispatch.rooms.peek(ROOM, 2)).toEqual(['acme/job_9']);
});
