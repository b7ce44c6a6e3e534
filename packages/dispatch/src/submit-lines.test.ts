import type { JobRequest } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { submitLines } from './submit-lines.ts';
import type { SubmittedLine } from './submit-lines.ts';
import { openDispatchScene, requestAt } from './testing/dispatch-scene.ts';
import type { DispatchScene } from './testing/dispatch-scene.ts';

const unreachable = (): Promise<boolean> => Promise.reject(new Error('Redis went away'));

function linesOf(
  { dispatch }: DispatchScene,
  numbers: readonly number[],
  given: Partial<JobRequest> = {},
): SubmittedLine[] {
  return numbers.map((line) => ({
    request: requestAt(dispatch.clock.now(), {
      id: `job_${line}`,
      batch: { id: 'batch_1', line, custom_id: `r${line}` },
      ...given,
    }),
    body: Buffer.from(`{"model":"m","n":${line}}`),
  }));
}

test('lines are on record and in their queue, each once, however often they are submitted', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { store, queue } = scene.dispatch;
  const lines = linesOf(scene, [1, 2, 3]);
  await submitLines(scene.dispatch, lines.slice(0, 2));
  await submitLines(scene.dispatch, lines);
  expect(await queue.counts('a')).toEqual({ waiting: 3, active: 0, resting: 0 });
  for (const { request, body } of lines) {
    expect((await scene.read(request)).record).toMatchObject({ status: 'queued', request });
    expect(await store.readRequestBody(request)).toEqual(body);
  }
});

test('lines that cannot stand in a queue now wait or fail as any job does', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  await scene.cool('a', 60_000);
  const waiting = linesOf(scene, [1, 2]);
  const lost = linesOf(scene, [3], { model: 'nobody-knows' });
  await submitLines(scene.dispatch, [...waiting, ...lost]);
  expect(await scene.dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 });
  for (const { request } of waiting) {
    const { record } = await scene.read(request);
    expect(record).toMatchObject({ status: 'queued', progress: { place: { kind: 'waiting' } } });
  }
  const { record } = await scene.read(lost[0]!.request);
  expect(record).toMatchObject({ status: 'failed', end: { error: { code: 'route_gone' } } });
});

test('a line whose queue cannot be reached is kept, and due to be queued', async () => {
  const scene = await openDispatchScene([{ provider: 'a' }]);
  const { dispatch } = scene;
  const broken = { ...dispatch, queue: { ...dispatch.queue, enter: unreachable } };
  await submitLines(broken, linesOf(scene, [1]));
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 });
  const soon = dispatch.clock.now() + 30_001;
  expect(await dispatch.store.due(soon, 10)).toEqual([{ project: 'acme', id: 'job_1' }]);
});
