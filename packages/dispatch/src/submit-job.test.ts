import { expect, test } from 'vitest';
import { submitJob } from './submit-job.ts';
import { openDispatchScene, requestAt } from './testing/dispatch-scene.ts';

const unreachable = (): Promise<void> => Promise.reject(new Error('Redis went away'));
const BODY = Buffer.from('{"model":"m"}');

test('an accepted job is on the record and in the queue of its first target', async () => {
  const { dispatch, submit, read } = await openDispatchScene([
    { provider: 'a' },
    { provider: 'b' },
  ]);
  const { record } = await read(await submit());
  expect(record).toMatchObject({
    status: 'queued',
    turn: 1,
    progress: { place: { kind: 'queue', planned: { provider: 'a', model_sent: 'm-at-a' } } },
  });
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 1, active: 0 });
});

test('submitting an id again adds nothing and tells of the first', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  const first = await submit();
  const again = requestAt(first.created_at, { id: first.id, model: 'other' });
  expect(await submitJob(dispatch, again, BODY)).toEqual({ kind: 'exists', existing: first });
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 1, active: 0 });
});

test('a job whose queue cannot be reached is accepted, and due to be queued', async () => {
  const { dispatch, read } = await openDispatchScene([{ provider: 'a' }]);
  const broken = { ...dispatch, queue: { ...dispatch.queue, add: unreachable } };
  const request = requestAt(dispatch.clock.now());
  expect(await submitJob(broken, request, BODY)).toMatchObject({ kind: 'accepted' });
  expect((await read(request)).record.status).toBe('queued');
  const soon = dispatch.clock.now() + 30_001;
  expect(await dispatch.store.due(soon, 10)).toEqual([{ project: 'acme', id: 'job_1' }]);
});

test('a job that no target can answer fails at once and says why', async () => {
  const { submit, read } = await openDispatchScene([{ provider: 'a' }]);
  const { record, attempts } = await read(
    await submit({ endpoint: '/v1/embeddings', dialect: 'embeddings' }),
  );
  expect(record).toMatchObject({
    status: 'failed',
    end: { error: { code: 'no_target_left', rule: 'dialect_unsupported', provider: 'a' } },
  });
  expect(attempts).toMatchObject([{ outcome: 'skipped', verdict: 'next_for_good' }]);
});

test('a job that finds every target cooling waits in no queue', async () => {
  const { dispatch, submit, read, cool } = await openDispatchScene([{ provider: 'a' }]);
  await cool('a', 60_000);
  const { record } = await read(await submit());
  expect(record.progress.place).toMatchObject({ kind: 'waiting', reason: 'cooling_down' });
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0 });
  expect(await dispatch.rooms.occupied('a')).toMatchObject([{ model: 'm-at-a', count: 1 }]);
});
