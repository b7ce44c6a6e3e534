import type { JobReference } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { processTurn } from './process-turn.ts';
import { openWorker } from './testing/worker-scene.ts';
import type { WorkerScene } from './testing/worker-scene.ts';

const targets = [{ provider: 'a' }, { provider: 'b' }, { provider: 'c' }];

/** A job whose first provider has failed: it stands at `b`, by the first start's move. */
async function jobAtB(scene: WorkerScene): Promise<JobReference> {
  scene.vendor.onCall(/^\/a\//, { status: 409 });
  const job = await scene.submit();
  await scene.takeTurn(job);
  return job;
}

function serve({ worker }: WorkerScene, provider: string, job: JobReference, by?: number) {
  const { project, id } = job;
  const entry = { v: 1, project, id, turn: 2, ...(by === undefined ? {} : { by }) };
  return processTurn(worker, worker.providers.get(provider)!, entry);
}

test('an entry that comes before the record says so is early, and changes nothing', async () => {
  const scene = await openWorker(targets);
  const job = await scene.submit();
  const now = scene.dispatch.clock.now();
  await scene.dispatch.store.begin(job, 1, now, now + 30_000);
  const before = await scene.read(job);
  expect(await serve(scene, 'b', job, 1)).toBe('early');
  expect(await scene.read(job)).toEqual(before);
  expect(scene.vendor.calls).toEqual([]);
});

test('an entry of a job that is being created is early, and of one that is gone it is dropped', async () => {
  const { worker } = await openWorker(targets);
  const provider = worker.providers.get('a')!;
  const entry = { v: 1, project: 'acme', id: 'job_0', turn: 1 };
  expect(await processTurn(worker, provider, { ...entry, by: 0 })).toBe('early');
  expect(await processTurn(worker, provider, entry)).toBe('served');
});

test('an entry of the start that moved the job is served', async () => {
  const scene = await openWorker(targets);
  const job = await jobAtB(scene);
  expect(await serve(scene, 'b', job, 1)).toBe('served');
  const { record, attempts } = await scene.read(job);
  expect(record.status).toBe('completed');
  expect(attempts).toMatchObject([{ provider: 'a' }, { provider: 'b', outcome: 'succeeded' }]);
});

test('an entry of a move that was not made calls nobody, and the job keeps its place', async () => {
  const scene = await openWorker(targets);
  const job = await jobAtB(scene);
  await scene.dispatch.queue.remove('b', { ...job, turn: 2 });
  const before = await scene.read(job);
  expect(await serve(scene, 'c', job, 7)).toBe('served');
  expect(await scene.read(job)).toEqual(before);
  expect(scene.vendor.calls).toHaveLength(1);
  // What had led to the entry may have died before it could put the job there.
  expect(await scene.dispatch.queue.counts('b')).toEqual({ waiting: 1, active: 0, resting: 0 });
});

test('an entry of another start serves a job that came to the same place', async () => {
  const scene = await openWorker(targets);
  const job = await jobAtB(scene);
  expect(await serve(scene, 'b', job, 7)).toBe('served');
  expect((await scene.read(job)).record.status).toBe('completed');
});
