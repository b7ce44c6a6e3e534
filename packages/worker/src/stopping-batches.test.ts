import { SCHEMA_VERSION } from '@understudy/contracts';
import { publishStop } from '@understudy/dispatch';
import { expect, test, vi } from 'vitest';
import { processTurn } from './process-turn.ts';
import { createStoppingBatches } from './stopping-batches.ts';
import { openWorker } from './testing/worker-scene.ts';

const lineOf = (id: string) => ({ batch: { id, line: 1, custom_id: 'r1' } });

test('no line of a batch that is being stopped is begun, and whatever else is', async () => {
  const { dispatch, vendor, worker, submit, read } = await openWorker([{ provider: 'a' }]);
  const stopped = await submit(lineOf('batch_1'));
  const others = [await submit(lineOf('batch_2')), await submit()];
  await publishStop(dispatch.redis, dispatch.keyPrefix, { project: 'acme', id: 'batch_1' });
  await vi.waitUntil(() => worker.stopping.has('batch_1'));

  for (const { id, batch } of [stopped, ...others]) {
    const ofBatch = batch === undefined ? {} : { line_of: batch.id };
    const entry = { v: SCHEMA_VERSION, project: 'acme', id, turn: 1, ...ofBatch };
    expect(await processTurn(worker, worker.providers.get('a')!, entry)).toBe('served');
  }
  expect(vendor.calls).toHaveLength(2);
  expect((await read(stopped)).record).toMatchObject({ status: 'queued', starts: 0, version: 1 });
  for (const job of others) expect((await read(job)).record.status).toBe('completed');
});

test('a line that was begun by a worker that died goes on though its batch is being stopped', async () => {
  const { dispatch, worker, submit, read } = await openWorker([{ provider: 'a' }]);
  const { project, id } = await submit(lineOf('batch_1'));
  const now = dispatch.clock.now();
  await dispatch.store.begin({ project, id }, 1, now, now + 30_000);
  await publishStop(dispatch.redis, dispatch.keyPrefix, { project, id: 'batch_1' });
  await vi.waitUntil(() => worker.stopping.has('batch_1'));

  const entry = { v: SCHEMA_VERSION, project, id, turn: 1, line_of: 'batch_1' };
  expect(await processTurn(worker, worker.providers.get('a')!, entry)).toBe('served');
  expect((await read({ project, id })).record.status).toBe('completed');
});

test('what is said of a batch holds for a minute after it was said last', () => {
  let now = 0;
  const stopping = createStoppingBatches({ monotonic: () => now });
  stopping.note('batch_1');
  stopping.note('batch_2');
  now = 59_000;
  expect([stopping.has('batch_1'), stopping.has('batch_3')]).toEqual([true, false]);
  stopping.note('batch_1');
  now = 61_000;
  expect([stopping.has('batch_1'), stopping.has('batch_2')]).toEqual([true, false]);
});
