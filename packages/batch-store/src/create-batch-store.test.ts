import { createSealer } from '@understudy/sealing';
import { expect, test, vi } from 'vitest';
import { batchKeys, batchListKey, unfinishedKey } from './batch-keys.ts';
import type { BatchQuery } from './batch-store.ts';
import { createBatchStore } from './create-batch-store.ts';
import { NOON, batchRequest, openBatchScene } from './testing/batch-scene.ts';

test('a batch that was accepted is kept, and waits to be run', async () => {
  const { redis, prefix, store } = openBatchScene();
  const request = batchRequest();
  const result = await store.create(request);
  const batch = {
    request,
    status: 'validating',
    version: 1,
    counts: { total: 0, completed: 0, failed: 0, cancelled: 0, expired: 0 },
  };
  expect(result).toEqual({ kind: 'created', batch });
  expect(await store.read('acme', 'batch_1')).toEqual(batch);
  expect(await store.read('other', 'batch_1')).toBeUndefined();
  expect(await redis.zrange(unfinishedKey(prefix), '0', '-1')).toEqual(['acme/batch_1']);
});

test('creating twice, even at the same time, makes one batch and finds it', async () => {
  const { store } = openBatchScene();
  const kinds = await Promise.all([1, 2, 3].map(() => store.create(batchRequest())));
  expect(kinds.map(({ kind }) => kind).toSorted()).toEqual(['created', 'exists', 'exists']);
});

test('a repeated create makes up for an announcement that a crash left out', async () => {
  const { redis, prefix, store } = openBatchScene();
  await store.create(batchRequest());
  await redis.del(unfinishedKey(prefix));
  expect(await store.create(batchRequest())).toMatchObject({ kind: 'exists' });
  expect(await redis.zrange(unfinishedKey(prefix), '0', '-1')).toEqual(['acme/batch_1']);
});

test('pages run from the newest to the oldest, and back', async () => {
  const { store } = openBatchScene();
  for (let n = 1; n <= 5; n += 1) {
    await store.create(batchRequest({ id: `batch_${n}`, created_at: NOON + n }));
  }
  await store.create(batchRequest({ id: 'msgbatch_1', surface: 'anthropic' }));
  const page = async (query: { after?: string; before?: string; limit: number }) => {
    const { batches, hasMore } = await store.list('acme', { surface: 'openai', ...query });
    return [batches.map(({ request }) => request.id.slice(-1)).join(''), hasMore];
  };
  expect(await page({ limit: 2 })).toEqual(['54', true]);
  expect(await page({ limit: 2, after: 'batch_4' })).toEqual(['32', true]);
  expect(await page({ limit: 2, after: 'batch_2' })).toEqual(['1', false]);
  expect(await page({ limit: 2, before: 'batch_1' })).toEqual(['32', true]);
  expect(await page({ limit: 2, before: 'batch_4' })).toEqual(['5', false]);
  expect(await page({ limit: 5 })).toEqual(['54321', false]);
  expect(await page({ limit: 5, before: 'batch_5' })).toEqual(['', false]);
  await expect(page({ limit: 2, after: 'batch_9' })).rejects.toMatchObject({ param: 'after' });
  expect(await store.list('other', { surface: 'openai', limit: 5 })).toEqual({
    batches: [],
    hasMore: false,
  });
});

test('what is no longer kept leaves the pages', async () => {
  const { redis, prefix, store } = openBatchScene();
  for (let n = 1; n <= 4; n += 1) {
    await store.create(batchRequest({ id: `batch_${n}`, created_at: NOON + n }));
  }
  await redis.del(batchKeys(prefix, { project: 'acme', id: 'batch_3' }).record);
  const { batches } = await store.list('acme', { surface: 'openai', limit: 2 });
  expect(batches.map(({ request }) => request.id)).toEqual(['batch_4', 'batch_2']);
});

test('a batch whose record does not open is left out of the list, and stays in it', async () => {
  const { redis, prefix } = openBatchScene();
  const told: string[] = [];
  const store = createBatchStore(
    redis,
    prefix,
    () => 0,
    createSealer([]),
    ({ id }) => {
      told.push(id);
    },
  );
  for (let n = 1; n <= 4; n += 1) {
    await store.create(batchRequest({ id: `batch_${n}`, created_at: NOON + n }));
  }
  const broken = ['batch_2', 'batch_3'];
  for (const id of broken) {
    await redis.hset(batchKeys(prefix, { project: 'acme', id }).record, 'req', '{"v":');
  }
  const page = async (query: Partial<BatchQuery>) => {
    const { batches, hasMore } = await store.list('acme', {
      surface: 'openai',
      limit: 2,
      ...query,
    });
    return { ids: batches.map(({ request }) => request.id), hasMore };
  };
  expect(await page({})).toEqual({ ids: ['batch_4'], hasMore: true });
  expect(await page({ after: 'batch_4' })).toEqual({ ids: ['batch_1'], hasMore: false });
  expect(await page({ after: 'batch_4', limit: 1 })).toEqual({ ids: ['batch_1'], hasMore: false });
  expect(await page({ before: 'batch_1' })).toEqual({ ids: ['batch_4'], hasMore: false });
  expect(new Set(told)).toEqual(new Set(broken));
  expect(await redis.zcard(batchListKey(prefix, 'acme', 'openai'))).toBe(4);
});

test.each([{ after: 'batch_501' }, { before: 'batch_0' }])(
  'behind hundreds of batches that do not open those that do are found in two looks, %j',
  async (place) => {
    const { redis, prefix, store } = openBatchScene();
    const writing = redis.pipeline();
    for (let n = 0; n <= 501; n += 1) {
      const id = `batch_${n}`;
      const { record } = batchKeys(prefix, { project: 'acme', id });
      writing.hset(record, 'req', '{"v":');
      writing.zadd(batchListKey(prefix, 'acme', 'openai'), NOON + n, id);
    }
    await writing.exec();
    const ends = 'after' in place ? [-2, -1] : [502, 503];
    for (const n of ends) {
      await store.create(batchRequest({ id: `batch_${n}`, created_at: NOON + n }));
    }
    const looks = vi.spyOn(redis, 'pipeline');
    const { batches, hasMore } = await store.list('acme', {
      surface: 'openai',
      limit: 1,
      ...place,
    });
    const nearest = 'after' in place ? 'batch_-1' : 'batch_502';
    expect([batches.map(({ request }) => request.id), hasMore]).toEqual([[nearest], true]);
    expect(looks).toHaveBeenCalledTimes(2);
  },
);

test('batches that are no longer kept leave the list as others are made', async () => {
  const { redis, prefix, store } = openBatchScene();
  for (let n = 1; n <= 4; n += 1) {
    await store.create(batchRequest({ id: `batch_${n}`, created_at: NOON + n }));
  }
  for (const id of ['batch_1', 'batch_2', 'batch_4']) {
    await redis.del(batchKeys(prefix, { project: 'acme', id }).record);
  }
  await store.create(batchRequest({ id: 'batch_5', created_at: NOON + 5 }));
  const list = batchListKey(prefix, 'acme', 'openai');
  expect(await redis.zrange(list, '0', '-1')).toEqual(['batch_3', 'batch_5']);
});

test('a cancelled batch says so at once, and cancelling again changes nothing', async () => {
  const { store } = openBatchScene();
  await store.create(batchRequest());
  const cancelled = await store.cancel('acme', 'batch_1', NOON + 5);
  expect(cancelled).toMatchObject({ status: 'cancelling', cancellingAt: NOON + 5, version: 2 });
  expect(await store.cancel('acme', 'batch_1', NOON + 9)).toEqual(cancelled);
  expect(await store.cancel('other', 'batch_1', NOON + 9)).toBeUndefined();
});

test('a batch that runs is not removed; one that has ended is, and its key is remembered', async () => {
  const { redis, prefix, store } = openBatchScene();
  const request = batchRequest({ fingerprint: 'f' });
  await store.create(request);
  expect(await store.remove('acme', 'batch_1')).toBe('running');
  await redis.hset(batchKeys(prefix, request).record, 'st', 'completed', 'told', 1);
  expect(await store.remove('other', 'batch_1')).toBe('missing');
  expect(await store.remove('acme', 'batch_1')).toBe('removed');
  expect(await store.remove('acme', 'batch_1')).toBe('missing');
  expect(await store.create(request)).toEqual({ kind: 'gone', fingerprint: 'f' });
  expect(await store.list('acme', { surface: 'openai', limit: 5 })).toMatchObject({ batches: [] });
});
