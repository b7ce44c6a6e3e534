import { endJob } from '@understudy/dispatch';
import { expect, test } from 'vitest';
import { processTurn } from './process-turn.ts';
import { openWorker, plannedFor } from './testing/worker-scene.ts';
import type { WorkerScene } from './testing/worker-scene.ts';
import type { JobReference } from '@understudy/job-store';

const targets = [{ provider: 'a' }, { provider: 'b' }];

/** The queue gives the first turn to another worker, though the first one still lives. */
async function takeFirstTurnAgain({ worker }: WorkerScene, job: JobReference): Promise<void> {
  await processTurn(worker, worker.providers.get('a')!, { v: 1, ...reference(job), turn: 1 });
}

const reference = ({ project, id }: JobReference): JobReference => ({ project, id });

test('cancelling a running job hangs up its call, and the attempt says what was in flight', async () => {
  const scene = await openWorker(targets);
  scene.vendor.onCall(/^\/a\//, { answer: 'never' });
  const job = await scene.submit();
  const running = scene.takeTurn(job);
  const [call] = await scene.vendor.waitForCalls(1);
  await endJob(scene.dispatch, job, 'cancelled');
  expect(await call!.ended).toBe('closed-by-client');
  const { record, attempts } = await running;
  expect(record).toMatchObject({ status: 'cancelled', end: { error: { code: 'cancelled' } } });
  expect(attempts).toMatchObject([
    {
      number: 1,
      provider: 'a',
      model_sent: 'm-at-a',
      outcome: 'cancelled',
      rule: 'job_ended',
      maybe_billed: true,
    },
  ]);
  expect(scene.vendor.calls).toHaveLength(1);
});

test('a job that expires while its call runs is hung up at that time', async () => {
  const scene = await openWorker(targets);
  scene.vendor.onCall(/^\/a\//, { answer: 'never' });
  const expiresAt = scene.dispatch.clock.now() + 150;
  const job = await scene.submit({ expires_at: expiresAt });
  const { record, attempts } = await scene.takeTurn(job);
  expect(record).toMatchObject({ status: 'expired', end: { error: { code: 'expired' } } });
  expect(record.completedAt).toBeGreaterThanOrEqual(expiresAt - 1);
  expect(attempts).toMatchObject([{ outcome: 'cancelled', maybe_billed: true }]);
  expect(await scene.vendor.calls[0]!.ended).toBe('closed-by-client');
});

test('a job whose deadline passed in the queue expires without a call', async () => {
  const scene = await openWorker(targets);
  const job = await scene.submit({ expires_at: scene.dispatch.clock.now() + 1000 });
  scene.advance(1000);
  const { record, attempts } = await scene.takeTurn(job);
  expect(record.status).toBe('expired');
  expect(attempts).toEqual([]);
  expect(scene.vendor.calls).toEqual([]);
});

test('a late answer ends the job once, and the newer call is hung up and on the record', async () => {
  const scene = await openWorker(targets);
  scene.vendor.onCall(/^\/a\//, [{ delayMs: 300 }, { answer: 'never' }]);
  const job = await scene.submit();
  const first = scene.takeTurn(job);
  await scene.vendor.waitForCalls(1);
  const second = takeFirstTurnAgain(scene, job);
  const [, newer] = await scene.vendor.waitForCalls(2);
  await Promise.all([first, second]);
  expect(await newer!.ended).toBe('closed-by-client');
  const { record, attempts } = await scene.read(job);
  expect(record).toMatchObject({ status: 'completed', end: { result: { provider: 'a' } } });
  expect(attempts).toMatchObject([
    { number: 1, outcome: 'succeeded', token: 1 },
    { number: 2, outcome: 'cancelled', token: 2, maybe_billed: true },
  ]);
});

test('a late failure changes nothing', async () => {
  const scene = await openWorker(targets);
  const gone = { status: 404, delayMs: 200, body: { error: { message: 'no' } } };
  scene.vendor.onCall(/^\/a\//, [gone, { delayMs: 500 }]);
  const job = await scene.submit();
  const first = scene.takeTurn(job);
  await scene.vendor.waitForCalls(1);
  const second = takeFirstTurnAgain(scene, job);
  expect((await first).record).toMatchObject({ status: 'in_progress', progress: { closed: {} } });
  await second;
  const { record, attempts } = await scene.read(job);
  expect(record.status).toBe('completed');
  expect(attempts.map(({ outcome }) => outcome)).toEqual(['interrupted', 'succeeded']);
});

test('what a broken start may have cost stays in the sum when another provider answers', async () => {
  const scene = await openWorker(targets);
  const { store, clock, pauses, availability } = scene.dispatch;
  const job = await scene.submit();
  await store.begin(job, 1, clock.now(), clock.now());
  await pauses.pause('a', clock.now());
  await availability.reload(['a']);
  await scene.takeTurn(job);
  const { record, attempts } = await scene.takeTurn(job);
  expect(attempts.map(({ outcome }) => outcome)).toEqual(['interrupted', 'skipped', 'succeeded']);
  expect(record.end?.cost).toMatchObject({ reason: expect.stringMatching(/broke off/) });
});

test('an entry whose turn has passed makes no call', async () => {
  const scene = await openWorker(targets);
  const job = await scene.submit();
  await scene.takeTurn(job);
  await takeFirstTurnAgain(scene, job);
  expect(scene.vendor.calls).toHaveLength(1);
  expect((await scene.read(job)).attempts).toHaveLength(1);
});

test('whoever meets a passed turn puts the job where its record says', async () => {
  const scene = await openWorker(targets);
  scene.vendor.onCall(/^\/a\//, { status: 404, body: { error: { message: 'no' } } });
  const job = await scene.submit();
  const { record } = await scene.takeTurn(job);
  // As if the worker had died between the record and the next queue.
  await scene.dispatch.queue.remove('b', { ...reference(job), turn: record.turn });
  expect(await scene.dispatch.queue.counts('b')).toMatchObject({ waiting: 0 });
  await takeFirstTurnAgain(scene, job);
  expect(await scene.dispatch.queue.counts('b')).toMatchObject({ waiting: 1 });
});

test('a job whose starts kill their workers rests ever longer and fails at the 20th', async () => {
  const scene = await openWorker(targets);
  const { dispatch, vendor } = scene;
  const job = await scene.submit();
  const rests: number[] = [];
  let stored = await scene.read(job);
  let deaths = 0;
  while (stored.record.status === 'queued' && deaths < 50) {
    const now = dispatch.clock.now();
    // A worker takes the turn and dies; the first time its successor dies too.
    for (let times = deaths === 0 ? 2 : 1; times > 0; times -= 1) {
      await dispatch.store.begin(job, stored.record.turn, now, now);
      deaths += 1;
    }
    stored = await scene.takeTurn(job);
    const { place } = stored.record.progress;
    if (stored.record.status !== 'queued' || place.kind !== 'waiting') break;
    expect(place.reason).toBe('interrupted');
    rests.push(Math.round((place.wake_at! - place.since) / 1000));
    scene.advance(place.wake_at! - dispatch.clock.now());
    stored = await scene.wake(job);
  }
  expect(deaths).toBe(19);
  expect(rests).toEqual([1, 2, 4, 8, 16, ...Array.from({ length: 12 }, () => 20)]);
  expect(stored.record).toMatchObject({ status: 'failed', end: { error: { code: 'poisoned' } } });
  expect(stored.attempts.map(({ outcome }) => outcome)).toEqual(
    Array.from({ length: 19 }, () => 'interrupted'),
  );
  expect(vendor.calls).toHaveLength(0);
});

test('a job that rested is called again, and an answer forgets its deaths', async () => {
  const scene = await openWorker(targets);
  const job = await scene.submit();
  const now = scene.dispatch.clock.now();
  await scene.dispatch.store.begin(job, 1, now, now);
  await scene.dispatch.store.begin(job, 1, now, now);
  await scene.takeTurn(job);
  scene.advance(2000);
  await scene.wake(job);
  expect((await scene.takeTurn(job)).record).toMatchObject({ status: 'completed', starts: 0 });
});

test('an entry of a start that seemed dead does not begin the job while it rests', async () => {
  const scene = await openWorker(targets);
  const { dispatch, worker } = scene;
  const job = await scene.submit();
  const now = dispatch.clock.now();
  await dispatch.store.begin(job, 1, now, now);
  await dispatch.store.begin(job, 1, now, now);
  const resting = await scene.takeTurn(job);
  expect(resting.record).toMatchObject({
    status: 'queued',
    progress: { place: { kind: 'waiting' } },
  });
  // The first start was only frozen: its call has failed, and it adds the turn behind its own.
  const entry = { v: 1, ...reference(job), turn: 2, by: 1 };
  expect(await processTurn(worker, worker.providers.get('b')!, entry)).toBe('served');
  expect(await scene.read(job)).toEqual(resting);
  scene.advance(2000);
  expect((await scene.wake(job)).record.progress.place).toMatchObject({ kind: 'queue' });
  expect(await endJob(dispatch, job, 'cancelled')).toMatchObject({
    record: { status: 'cancelled' },
  });
});

test('a fault of the broker fails the job under its own code and says nothing of the prompt', async () => {
  const scene = await openWorker(targets);
  const provider = scene.worker.providers.get('a')!;
  const broken = {
    ...provider,
    connection: {
      ...provider.connection,
      surfaces: () => {
        throw new TypeError('cannot read the prompt "Hi"');
      },
    },
  };
  const job = await scene.submit();
  await processTurn(scene.worker, broken, { v: 1, ...reference(job), turn: 1 });
  const { record } = await scene.read(job);
  expect(record).toMatchObject({ status: 'failed', end: { error: { code: 'internal_error' } } });
  expect(JSON.stringify(record.end)).not.toContain('Hi');
  expect(scene.worker.running.jobs()).toEqual([]);
});

test('a drained call goes back to the same provider, interrupted and maybe billed', async () => {
  const scene = await openWorker(targets);
  scene.vendor.onCall(/^\/a\//, [{ answer: 'never' }]);
  const job = await scene.submit();
  const running = scene.takeTurn(job);
  const [call] = await scene.vendor.waitForCalls(1);
  scene.worker.running.stopAll('drain');
  const { record, attempts } = await running;
  expect(await call!.ended).toBe('closed-by-client');
  expect(record).toMatchObject({ status: 'queued', turn: 2, starts: 0 });
  expect(plannedFor(record.progress).provider).toBe('a');
  expect(attempts).toMatchObject([
    { outcome: 'interrupted', rule: 'drained', maybe_billed: true, model_sent: 'm-at-a' },
  ]);
  expect((await scene.takeTurn(job)).record.status).toBe('completed');
});

test('a drained call that comes back to its queue has the target’s patience there anew', async () => {
  const patience = 60_000;
  const scene = await openWorker([{ provider: 'a', maxQueueWaitMs: patience }, { provider: 'b' }]);
  scene.vendor.onCall(/^\/a\//, { answer: 'never' });
  const job = await scene.submit();
  scene.advance(45_000);
  const running = scene.takeTurn(job);
  await scene.vendor.waitForCalls(1);
  scene.worker.running.stopAll('drain');
  const { place } = (await running).record.progress;
  expect(place).toMatchObject({ kind: 'queue', planned: { provider: 'a' } });
  expect(place.kind === 'queue' && place.leave_at! - place.since).toBe(patience);
});
