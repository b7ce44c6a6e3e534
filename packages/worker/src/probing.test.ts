import type { RouteSettings } from '@understudy/configuration';
import type { JobRequest } from '@understudy/contracts';
import { releaseWaiting } from '@understudy/dispatch';
import { expect, test } from 'vitest';
import { openWorker } from './testing/worker-scene.ts';
import type { WorkerScene } from './testing/worker-scene.ts';

const slowDown = {
  status: 429,
  body: { error: { message: 'no' } },
  headers: { 'retry-after': '30' },
};
const room = { provider: 'a', model: 'm-at-a' };

/** So many jobs that wait for the end of a cool-down that is just over. */
async function outage(
  count: number,
  route: Partial<RouteSettings> = {},
): Promise<WorkerScene & { jobs: JobRequest[] }> {
  const scene = await openWorker([{ provider: 'a' }], route);
  const takeBack = scene.vendor.onCall(/^\/a\//, slowDown);
  const jobs: JobRequest[] = [];
  for (let index = 0; index < count; index += 1) jobs.push(await scene.submit());
  for (const job of jobs) await scene.takeTurn(job);
  takeBack();
  scene.vendor.reset();
  scene.advance(30_500);
  return { ...scene, jobs };
}

async function queued({ read }: WorkerScene, jobs: readonly JobRequest[]): Promise<JobRequest[]> {
  const stored = await Promise.all(jobs.map(read));
  return jobs.filter((_, index) => {
    const { status, progress } = stored[index]!.record;
    return status === 'queued' && progress.place.kind === 'queue';
  });
}

test('each success after an outage lets two more in, so that the flow doubles', async () => {
  const scene = await outage(8);
  const { dispatch, jobs, takeTurn } = scene;
  await releaseWaiting(dispatch, room, 1);
  const flow: number[] = [];
  for (;;) {
    const ready = await queued(scene, jobs);
    if (ready.length === 0) break;
    flow.push(ready.length);
    for (const job of ready) expect((await takeTurn(job)).record.status).toBe('completed');
  }
  expect(flow).toEqual([1, 2, 4, 1]);
  expect(scene.vendor.calls).toHaveLength(8);
});

test('the flow begins at once, also where the news of the success comes late', async () => {
  const scene = await outage(3);
  scene.dispatch.subscriber.disconnect();
  await releaseWaiting(scene.dispatch, room, 1);
  const [probe] = await queued(scene, scene.jobs);
  await scene.takeTurn(probe!);
  expect(await queued(scene, scene.jobs)).toHaveLength(2);
});

test('a probe that is answered with a refusal of its own job lets the others in too', async () => {
  const scene = await outage(3);
  scene.vendor.onCall(/^\/a\//, [{ status: 422, body: { error: { message: 'not this one' } } }]);
  await releaseWaiting(scene.dispatch, room, 1);
  const [probe] = await queued(scene, scene.jobs);
  expect((await scene.takeTurn(probe!)).record.status).toBe('failed');
  expect(await queued(scene, scene.jobs)).toHaveLength(2);
});

const declined = {
  status: 200,
  body: {
    id: 'x',
    object: 'chat.completion',
    model: 'm-at-a',
    choices: [
      {
        index: 0,
        finish_reason: 'content_filter',
        message: { role: 'assistant', refusal: 'no', content: null },
      },
    ],
    usage: { prompt_tokens: 5, completion_tokens: 5 },
  },
};
const unfit = { status: 422, body: { error: { message: 'not this one' } } };

test.each([
  { name: 'refuses the job', reply: unfit, route: {} },
  {
    name: 'declines it, and another target may answer',
    reply: declined,
    route: { onRefusal: 'next' },
  },
] as const)(
  'a probe that $name is settled although Redis lets nobody in for the moment',
  async ({ reply, route }) => {
    const scene = await outage(3, route);
    const { dispatch, vendor } = scene;
    vendor.onCall(/^\/a\//, reply);
    await releaseWaiting(dispatch, room, 1);
    const [probe] = await queued(scene, scene.jobs);
    const { transition } = dispatch.store;
    dispatch.store.transition = async (job, change) => {
      if (job.id !== probe!.id) throw new Error('NOREPLICAS Not enough good replicas to write.');
      return transition(job, change);
    };
    const { record, attempts } = await scene.takeTurn(probe!);
    expect(record.status).toBe('failed');
    expect(attempts.at(-1)).toMatchObject({ outcome: 'failed', probe: true });
    expect(vendor.calls).toHaveLength(1);
  },
);

test('a job that comes while another one probes waits without a call', async () => {
  const scene = await outage(1);
  scene.vendor.onCall(/^\/a\//, { answer: 'never' });
  await scene.wake(scene.jobs[0]!);
  const probing = scene.takeTurn(scene.jobs[0]!);
  await scene.vendor.waitForCalls(1);
  const { availability, clock } = scene.dispatch;
  // What one process takes, the others hear of a moment later.
  await expect
    .poll(() => availability.state('a', 'm-at-a', clock.now()))
    .toMatchObject({ kind: 'half_open', probing: true });
  const { record, attempts } = await scene.read(await scene.submit());
  expect(record.progress.place).toMatchObject({ kind: 'waiting', reason: 'cooling_down' });
  expect(attempts).toMatchObject([{ outcome: 'skipped', rule: 'cooling_down' }]);
  scene.worker.running.stopAll('job_ended');
  await probing;
  expect(scene.vendor.calls).toHaveLength(1);
});

test('a failed probe costs the job no call and begins a longer cool-down', async () => {
  const scene = await outage(1);
  const [job] = scene.jobs;
  const { calls } = (await scene.read(job!)).record.progress;
  scene.vendor.onCall(/^\/a\//, { status: 529, body: { error: { message: 'overloaded' } } });
  await scene.wake(job!);
  const { record, attempts } = await scene.takeTurn(job!);
  expect(record.progress.calls).toBe(calls);
  expect(attempts.at(-1)).toMatchObject({ probe: true, outcome: 'failed', status_code: 529 });
  expect(await scene.dispatch.cooldowns.read('a')).toMatchObject([{ cooling: true, failures: 2 }]);
});

test('a stated delay grows slowly in an outage, and is kept after a success has ended it', async () => {
  const scene = await outage(1);
  const [job] = scene.jobs;
  const limited = { ...slowDown, headers: { 'retry-after': '1' } };
  const cooling = async () => (await scene.dispatch.cooldowns.read('a'))[0]!;
  const probe = async () => {
    await scene.wake(job!);
    await scene.takeTurn(job!);
    const { started_at: from, until, streak } = await cooling();
    scene.advance(until - scene.dispatch.clock.now() + 1);
    return { streak, restMs: until - from };
  };
  let takeBack = scene.vendor.onCall(/^\/a\//, limited);
  for (let probes = 0; probes < 11; probes += 1) await probe();
  const grown = await probe();
  expect(grown.streak).toBe(13);
  expect(grown.restMs).toBeGreaterThan(10_000);
  takeBack();
  takeBack = scene.vendor.onCall(/^\/a\//, { ...slowDown, headers: { 'retry-after': '60' } });
  expect(await probe()).toEqual({ streak: 14, restMs: 60_000 });

  takeBack();
  await scene.wake(job!);
  expect((await scene.takeTurn(job!)).record.status).toBe('completed');
  scene.vendor.onCall(/^\/a\//, limited);
  await scene.takeTurn(await scene.submit());
  const after = await cooling();
  expect(after).toMatchObject({ cooling: true, failures: 8, streak: 1 });
  expect(after.until - after.started_at).toBe(1000);
});

test('a probe that is hung up gives its permit back at once', async () => {
  const scene = await outage(1);
  scene.vendor.onCall(/^\/a\//, { answer: 'never' });
  await scene.wake(scene.jobs[0]!);
  const probing = scene.takeTurn(scene.jobs[0]!);
  await scene.vendor.waitForCalls(1);
  scene.worker.running.stopAll('drain');
  await probing;
  expect((await scene.dispatch.cooldowns.read('a'))[0]?.probes).toEqual({});
});

test('a probe of a closed provider that closes only the model gives the provider’s permit back', async () => {
  const { vendor, dispatch, submit, takeTurn, wake, advance } = await openWorker([
    { provider: 'a' },
  ]);
  const refused = { status: 401, body: { error: { message: 'no' } } };
  vendor.onCall(/^\/a\//, [refused, slowDown]);
  const job = await submit();
  await takeTurn(job);
  const [closed] = await dispatch.cooldowns.read('a');
  advance(closed!.until - dispatch.clock.now() + 1);
  await wake(job);
  expect((await takeTurn(job)).attempts.at(-1)).toMatchObject({ probe: true, status_code: 429 });
  const provider = (await dispatch.cooldowns.read('a')).find(({ model }) => model === '*');
  expect(provider?.probes).toEqual({});
});
