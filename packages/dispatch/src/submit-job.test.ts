import { expect, test } from 'vitest';
import { submitJob } from './submit-job.ts';
import { openDispatchScene, requestAt } from './testing/dispatch-scene.ts';

const unreachable = (): Promise<boolean> => Promise.reject(new Error('Redis went away'));
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
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 1, active: 0, resting: 0 });
});

test('submitting an id again adds nothing and tells of the first', async () => {
  const { dispatch, submit } = await openDispatchScene([{ provider: 'a' }]);
  const first = await submit();
  const again = requestAt(first.created_at, { id: first.id, model: 'other' });
  expect(await submitJob(dispatch, again, BODY)).toEqual({ kind: 'exists', existing: first });
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 1, active: 0, resting: 0 });
});

test.each([false, true])(
  'a job whose queue cannot be reached is accepted, and due to be queued: new %s',
  async (isNew) => {
    const { dispatch, read } = await openDispatchScene([{ provider: 'a' }]);
    const broken = { ...dispatch, queue: { ...dispatch.queue, enter: unreachable } };
    const request = requestAt(dispatch.clock.now());
    expect(await submitJob(broken, request, BODY, isNew)).toMatchObject({ kind: 'accepted' });
    expect((await read(request)).record.status).toBe('queued');
    const soon = dispatch.clock.now() + 30_001;
    expect(await dispatch.store.due(soon, 10)).toEqual([{ project: 'acme', id: 'job_1' }]);
  },
);

test('only a job whose id is new to everybody enters its queue before the record is there', async () => {
  const { dispatch } = await openDispatchScene([{ provider: 'a' }]);
  const { store, queue } = dispatch;
  const asked: string[] = [];
  const observed = {
    ...dispatch,
    store: {
      ...store,
      create: async (...given: Parameters<typeof store.create>) => {
        const created = await store.create(...given);
        asked.push('record written');
        return created;
      },
    },
    queue: {
      ...queue,
      enter: (...given: Parameters<typeof queue.enter>) => {
        asked.push(`queue, by ${given[1].by ?? 'nobody'}`);
        return queue.enter(...given);
      },
    },
  };
  await submitJob(observed, requestAt(dispatch.clock.now(), { id: 'job_1' }), BODY, true);
  await submitJob(observed, requestAt(dispatch.clock.now(), { id: 'job_2' }), BODY);
  expect(asked).toEqual(['queue, by 0', 'record written', 'record written', 'queue, by nobody']);
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
  expect(await dispatch.queue.counts('a')).toEqual({ waiting: 0, active: 0, resting: 0 });
  expect(await dispatch.rooms.occupied('a')).toMatchObject([{ model: 'm-at-a', count: 1 }]);
});
