import { submitJob } from '@understudy/dispatch';
import { requestAt, sealedDispatch } from '@understudy/dispatch/testing';
import type { QueueEntry } from '@understudy/contracts';
import type { JobReference } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { processTurn } from './process-turn.ts';
import { BODY, openWorker } from './testing/worker-scene.ts';
import type { WorkerScene } from './testing/worker-scene.ts';

function take({ worker }: WorkerScene, dispatch: WorkerScene['dispatch'], job: JobReference) {
  // As its submission has added it.
  const entry: QueueEntry = { v: 1, project: job.project, id: job.id, turn: 1, by: 0 };
  return processTurn({ ...worker, dispatch }, worker.providers.get('a')!, entry);
}

test.each([
  ['the record needs', { metadata: { customer: 'c1' } }],
  ['the body alone needs', {}],
])(
  'a turn whose key is missing, which %s, was never begun, and is served with the key',
  async (_, given) => {
    const scene = await openWorker([{ provider: 'a' }]);
    const { dispatch, vendor } = scene;
    const keyed = sealedDispatch(dispatch).dispatch;
    const job = requestAt(dispatch.clock.now(), { id: 'job_1', ...given });
    await submitJob(keyed, job, Buffer.from(BODY));
    for (let times = 0; times < 3; times += 1) {
      expect(await take(scene, dispatch, job)).toBe('unreadable');
      expect(await keyed.store.read(job)).toMatchObject({
        record: { status: 'queued', turn: 1, token: 0, starts: 0 },
        attempts: [],
      });
    }
    // What it was due for before the starts is not put off by them.
    const now = dispatch.clock.now();
    expect(await dispatch.store.due(now, 10)).toMatchObject([{ id: job.id }]);
    expect(vendor.calls).toEqual([]);

    expect(await take(scene, keyed, job)).toBe('served');
    const stored = await keyed.store.read(job);
    expect(stored?.record.status).toBe('completed');
    expect(stored?.attempts).toMatchObject([{ outcome: 'succeeded', token: 1 }]);
  },
);

test('a start that never ended is still counted once where the key is missing at the next', async () => {
  const scene = await openWorker([{ provider: 'a' }]);
  const { dispatch } = scene;
  const keyed = sealedDispatch(dispatch);
  const job = await keyed.submit({ id: 'job_1' });
  const now = dispatch.clock.now();
  await keyed.dispatch.store.begin(job, 1, now, now);
  for (let times = 0; times < 3; times += 1) {
    expect(await take(scene, dispatch, job)).toBe('unreadable');
  }
  expect(await keyed.dispatch.store.read(job)).toMatchObject({
    record: { status: 'queued', token: 1, starts: 1 },
    attempts: [{ outcome: 'interrupted', token: 1 }],
  });
});
