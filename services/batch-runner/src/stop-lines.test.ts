import { publishStop, subscribeToCancels } from '@understudy/dispatch';
import type { JobStore } from '@understudy/job-store';
import { expect, test, vi } from 'vitest';
import { openTestSubscriber } from '../../../test/support/redis.ts';
import { inputOf, openRunnerScene } from './testing/runner-scene.ts';
import type { RunnerScene } from './testing/runner-scene.ts';

/** The runner, and the lines in the order in which it ends them. */
function watched(
  { context, jobOf }: RunnerScene,
  count: number,
  beforeEnd: () => Promise<unknown> = () => Promise.resolve(),
) {
  const lines = new Map(
    Array.from({ length: count }, (_, index) => [jobOf(index + 1).id, index + 1]),
  );
  const ended: (number | undefined)[] = [];
  const { dispatch } = context;
  const transition: JobStore['transition'] = async (job, change) => {
    await beforeEnd();
    if (change.end !== undefined) ended.push(lines.get(job.id));
    return dispatch.store.transition(job, change);
  };
  const store = { ...dispatch.store, transition };
  return { ended, runner: { ...context, dispatch: { ...dispatch, store } } };
}

test('lines that wait are ended from the last on, and only then are calls hung up', async () => {
  const scene = await openRunnerScene();
  const { create, takeOver, run, begin, batches, relay, batch, dispatch } = scene;
  await create(inputOf(6));
  const held = await takeOver();
  await run(held);
  await begin(1);
  await begin(5);
  await batches.cancel('acme', 'batch_1', dispatch.clock.now());
  const { ended, runner } = watched(scene, 6);
  await run(held, runner);
  expect(ended.slice(0, 4)).toEqual([6, 4, 3, 2]);
  expect(ended.slice(4)).toEqual([5, 1]);
  await relay(1, 5);
  expect(await run(held, runner)).toBe('done');
  expect(await batch()).toMatchObject({ status: 'cancelled', counts: { cancelled: 6 } });
  const { attempts } = await scene.read(scene.jobOf(5));
  expect(attempts).toMatchObject([{ outcome: 'cancelled' }]);
});

test('workers hear that a batch stops before its first line is ended', async () => {
  const scene = await openRunnerScene();
  const { create, takeOver, run, batches, dispatch } = scene;
  const { redis, keyPrefix } = dispatch;
  const stopping = new Set<string>();
  subscribeToCancels(openTestSubscriber(), keyPrefix, {
    jobEnded: () => undefined,
    batchStops: (id) => void stopping.add(id),
  });
  await vi.waitUntil(async () => {
    await publishStop(redis, keyPrefix, { project: 'acme', id: 'batch_0' });
    return stopping.has('batch_0');
  });
  await create(inputOf(2));
  const held = await takeOver();
  await run(held);
  await batches.cancel('acme', 'batch_1', dispatch.clock.now());
  const { ended, runner } = watched(scene, 2, () => vi.waitUntil(() => stopping.has('batch_1')));
  await run(held, runner);
  expect(ended).toEqual([2, 1]);
});
