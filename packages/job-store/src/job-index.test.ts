import type { JobRecord } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { indexJobs, listIndex, trimIndex } from './job-index.ts';
import type { IndexName, ListPosition } from './job-index.ts';
import { NOON, completion, openStore } from './testing/stored-jobs.ts';
import type { StoreScene } from './testing/stored-jobs.ts';

async function indexAll({ redis, prefix, store }: StoreScene, ids: string[]): Promise<void> {
  const records = await store.readRecords(ids.map((id) => ({ project: 'acme', id })));
  const there = records.filter((record): record is JobRecord => record !== undefined);
  await indexJobs(redis, prefix, 'acme', there);
}

async function page(
  { redis, prefix }: StoreScene,
  name: IndexName,
  after: ListPosition | undefined,
  limit: number,
): Promise<string[]> {
  const rows = await listIndex(redis, prefix, 'acme', name, after, limit);
  return rows.map(({ id }) => id);
}

test('a list runs newest first, and pages through jobs of the same millisecond', async () => {
  const scene = openStore();
  const ids = ['job_a', 'job_b', 'job_c', 'job_d', 'job_e', 'job_f', 'job_g'];
  for (const [index, id] of ids.entries()) {
    // Three of one millisecond, then two of another, then two alone.
    const createdAt = NOON + [0, 0, 0, 1, 1, 2, 3][index]!;
    await scene.submit({ id, created_at: createdAt });
  }
  await indexAll(scene, ids);
  const newestFirst = ids.toReversed();
  expect(await page(scene, { facet: 'all' }, undefined, 100)).toEqual(newestFirst);
  for (const size of [1, 2, 3]) {
    const seen: string[] = [];
    let after: ListPosition | undefined;
    for (;;) {
      const rows = await listIndex(
        scene.redis,
        scene.prefix,
        'acme',
        { facet: 'all' },
        after,
        size,
      );
      seen.push(...rows.map(({ id }) => id));
      after = rows.at(-1);
      if (rows.length === 0) break;
    }
    expect(seen).toEqual(newestFirst);
  }
});

test('an unfinished job that ends changes lists, and indexing twice changes nothing', async () => {
  const scene = openStore();
  const request = await scene.submit();
  await indexAll(scene, ['job_1']);
  expect(await page(scene, { facet: 'status', value: 'unfinished' }, undefined, 9)).toEqual([
    'job_1',
  ]);
  await scene.store.transition(request, completion());
  for (let times = 0; times < 2; times += 1) {
    await indexAll(scene, ['job_1']);
    const list = (facet: IndexName['facet'], value: string): Promise<string[]> =>
      page(scene, { facet, value }, undefined, 9);
    expect(await list('status', 'unfinished')).toEqual([]);
    expect(await list('status', 'completed')).toEqual(['job_1']);
    expect(await list('provider', 'a')).toEqual(['job_1']);
    expect(await list('model', 'm')).toEqual(['job_1']);
  }
});

test('a project sees its own lists alone', async () => {
  const scene = openStore();
  await scene.submit();
  await indexAll(scene, ['job_1']);
  expect(
    await listIndex(scene.redis, scene.prefix, 'other', { facet: 'all' }, undefined, 9),
  ).toEqual([]);
});

test('trimming drops what was created before, from every list', async () => {
  const scene = openStore();
  await scene.submit({ id: 'job_1', created_at: NOON });
  await scene.submit({ id: 'job_2', created_at: NOON + 1 });
  await indexAll(scene, ['job_1', 'job_2']);
  await trimIndex(scene.redis, scene.prefix, NOON + 1);
  for (const name of [{ facet: 'all' }, { facet: 'model', value: 'm' }] as const) {
    expect(await page(scene, name, undefined, 9)).toEqual(['job_2']);
  }
});
