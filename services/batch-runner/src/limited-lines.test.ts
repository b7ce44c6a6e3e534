import { indexJobs } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { runStep } from './run-step.ts';
import { inputOf, openRunnerScene } from './testing/runner-scene.ts';
import type { RunnerScene } from './testing/runner-scene.ts';
import type { RunnerContext } from './runner-context.ts';

/** The runner, with limits for the project of its batch. */
function limitedTo(
  { context }: RunnerScene,
  limits: ReturnType<RunnerContext['dispatch']['views']>['settings']['projects'][string],
): RunnerContext {
  const { dispatch } = context;
  const views = () => {
    const known = dispatch.views();
    return { ...known, settings: { ...known.settings, projects: { acme: limits } } };
  };
  return { ...context, dispatch: { ...dispatch, views } };
}

async function jobsOf({ context, jobOf }: RunnerScene, count: number): Promise<number[]> {
  const lines = Array.from({ length: count }, (_, index) => index + 1);
  const records = await context.dispatch.store.readRecords(lines.map(jobOf));
  return lines.filter((_, index) => records[index] !== undefined);
}

/** Does at once what the scheduler does within a second. */
async function list({ dispatch, jobOf }: RunnerScene, ...lines: number[]): Promise<void> {
  const { redis, keyPrefix, store } = dispatch;
  const records = await store.readRecords(lines.map(jobOf));
  await indexJobs(
    redis,
    keyPrefix,
    'acme',
    records.flatMap((record) => record ?? []),
  );
}

test('lines wait for room among the jobs that their project may have, and none fails', async () => {
  const scene = await openRunnerScene();
  const context = limitedTo(scene, { jobs_waiting: 2 });
  await scene.create(inputOf(5));
  const held = await scene.takeOver();
  expect(await scene.run(held, context)).toBe('wait');
  expect(await jobsOf(scene, 5)).toEqual([1, 2]);

  // A runner that is killed, and one that follows it, take no second places.
  const next = await scene.takeOver();
  expect(await scene.run(next, context)).toBe('wait');
  expect(await jobsOf(scene, 5)).toEqual([1, 2]);

  await scene.answer(1);
  await list(scene, 1);
  await scene.run(next, context);
  expect(await jobsOf(scene, 5)).toEqual([1, 2, 3]);
  for (const line of [2, 3, 4, 5]) {
    await scene.answer(line);
    await list(scene, line);
    await scene.run(next, context);
  }
  expect(await scene.batch()).toMatchObject({
    status: 'completed',
    counts: { total: 5, completed: 5, failed: 0 },
  });
});

test('lines of a key count for the key', async () => {
  const scene = await openRunnerScene();
  await scene.create(inputOf(3), { key: 'key_1', key_limits: { jobs_waiting: 1 } });
  await scene.run(await scene.takeOver());
  expect(await jobsOf(scene, 3)).toEqual([1]);
  const [record] = await scene.dispatch.store.readRecords([scene.jobOf(1)]);
  expect(record?.request.key).toBe('key_1');
});

test('lines wait for the next day where the money of this one is spent', async () => {
  const scene = await openRunnerScene();
  const { redis, keyPrefix, clock } = scene.dispatch;
  const context = limitedTo(scene, { spend_per_day: 1 });
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  const spend = `${keyPrefix}:{p:acme}:limits:spend:${day}`;
  await redis.hset(spend, 'project', '1000000000');
  await scene.create(inputOf(2));
  const held = await scene.takeOver();
  await scene.run(held, context);
  expect(await jobsOf(scene, 2)).toEqual([]);
  await redis.del(spend);
  await runStep(context, held);
  expect(await jobsOf(scene, 2)).toEqual([1, 2]);
});

test('a line for a route that its key may not use is rejected, and the others run', async () => {
  const scene = await openRunnerScene();
  await scene.create(inputOf(2), { key: 'key_1', key_limits: { routes: ['other'] } });
  await scene.run(await scene.takeOver());
  expect(await scene.batch()).toMatchObject({ status: 'completed', counts: { failed: 2 } });
  expect(await scene.lines('err', 'response')).toMatchObject([
    { status_code: 403 },
    { status_code: 403 },
  ]);
});

test('a line that nobody may answer because of its project is rejected', async () => {
  const scene = await openRunnerScene();
  scene.dispatch.views().settings.projectProviders['acme'] = { except: ['a'] };
  await scene.create(inputOf(1));
  await scene.run(await scene.takeOver());
  expect(await scene.lines('err', 'response')).toMatchObject([
    { status_code: 403, body: { error: { message: expect.stringContaining('this project') } } },
  ]);
});

test('the bytes that a batch writes are counted for its project and its key, and given back', async () => {
  const scene = await openRunnerScene();
  const { redis, keyPrefix } = scene.dispatch;
  const used = () => redis.hgetall(`${keyPrefix}:{p:acme}:files:used`);
  await scene.create(inputOf(2), { key: 'key_1' });
  const input = Buffer.byteLength(inputOf(2));
  expect(await used()).toEqual({ project: String(input) });
  const held = await scene.takeOver();
  await scene.run(held);
  await scene.answer(1, 2);
  await scene.run(held);
  const { outputFileId = '' } = await scene.batch();
  const output = (await scene.context.files.read('acme', outputFileId))?.bytes ?? 0;
  expect(output).toBeGreaterThan(10);
  expect(await used()).toEqual({ project: String(input + output), key_1: String(output) });
  await scene.context.files.remove('acme', outputFileId);
  expect(await used()).toEqual({ project: String(input) });
});
