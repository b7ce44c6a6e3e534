import type { Attempt } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { releaseWaiting } from './release-waiting.ts';
import { submitJob } from './submit-job.ts';
import { openDispatchScene, requestAt, sealedDispatch } from './testing/dispatch-scene.ts';
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
  const keyed = sealedDispatch(dispatch).dispatch;
  await scene.cool('a', 600_000);
  const job = requestAt(dispatch.clock.now(), { id: 'job_9' });
  await submitJob(keyed, job, Buffer.from('{"model":"m"}'));
  const { progress } = (await scene.read(job)).record;
  const said: Attempt = {
    number: 1,
    round: 1,
    target: 'a',
    provider: 'a',
    model_requested: 'm',
    outcome: 'failed',
    started_at: 0,
    error: { message: 'no' },
  };
  await keyed.store.transition(job, {
    turn: 1,
    status: 'queued',
    nextTurn: 2,
    // No target is left to it.
    progress: { ...progress, closed: { a: 'default.status_404' } },
    dueAt: dispatch.clock.now(),
    appended: [said],
    folded: [],
  });
  const behind = await scene.submit();
  await open(scene);
  expect(await releaseWaiting(dispatch, ROOM, 2)).toBe(2);
  expect((await scene.read(behind)).record.progress.place).toMatchObject({ kind: 'queue' });
  expect(await dispatch.rooms.peek(ROOM, 2)).toEqual(['acme/job_9']);
});
