import type { JobEnd, JobRecord } from '@understudy/contracts';
import { SCHEMA_VERSION } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { openTestSubscriber } from '../../../test/support/redis.ts';
import { countKinds } from './count-kinds.ts';
import { listsFor } from './project-lists.ts';
import type { JobListFilter } from './project-lists.ts';
import { indexJobs } from './job-index.ts';
import { jobKeys } from './job-keys.ts';
import { kindsKey, listsKey, metadataLists, unfinishedKey } from './list-keys.ts';
import { subscribeToLists } from './list-changes.ts';
import { listedIds } from './testing/listed-ids.ts';
import { NOON, completion, handOver, openStore } from './testing/stored-jobs.ts';
import type { StoreScene } from './testing/stored-jobs.ts';
import { trimIndex } from './trim-index.ts';

async function indexAll({ redis, prefix, store }: StoreScene, ids: string[]): Promise<void> {
  const records = await store.readRecords(ids.map((id) => ({ project: 'acme', id })));
  const there = records.filter((record): record is JobRecord => record !== undefined);
  await indexJobs(redis, prefix, 'acme', there);
}

const listed = ({ redis, prefix }: StoreScene, filter: JobListFilter = {}): Promise<string[]> =>
  listedIds(redis, prefix, 'acme', filter);

/** How many lists of kinds hold a job at all, and how many jobs they hold together. */
async function countAll({ redis, prefix }: StoreScene): Promise<number[]> {
  const counts = await countKinds(redis, await listsFor(redis, prefix, ['acme'], {}), {});
  const filled = counts.filter(({ count }) => count > 0);
  return [filled.length, filled.reduce((sum, { count }) => sum + count, 0)];
}

test('an unfinished job that ends changes lists, and indexing twice changes nothing', async () => {
  const scene = openStore();
  const request = await scene.submit();
  await indexAll(scene, ['job_1']);
  expect(await listed(scene, { statuses: ['unfinished'] })).toEqual(['job_1']);
  await scene.store.transition(request, completion());
  for (let times = 0; times < 2; times += 1) {
    await indexAll(scene, ['job_1']);
    expect(await listed(scene, { statuses: ['unfinished'] })).toEqual([]);
    expect(await listed(scene, { statuses: ['completed'] })).toEqual(['job_1']);
    expect(await listed(scene, { provider: 'a', model: 'm', route: 'm' })).toEqual(['job_1']);
    expect(await countAll(scene)).toEqual([1, 1]);
  }
});

test('a job that is handed over stands at its new provider alone', async () => {
  const scene = openStore();
  const request = await scene.submit();
  await indexAll(scene, ['job_1']);
  expect(await listed(scene, { provider: 'a' })).toEqual(['job_1']);
  await scene.store.transition(request, handOver({}));
  await indexAll(scene, ['job_1']);
  expect(await listed(scene, { provider: 'a' })).toEqual([]);
  expect(await listed(scene, { provider: 'b' })).toEqual(['job_1']);
  expect(await countAll(scene)).toEqual([1, 1]);
});

test('kinds that have ended are passed over unread: no job is taken out of their lists', async () => {
  const scene = openStore();
  const { redis, prefix } = scene;
  await scene.submit();
  await redis.sadd(kindsKey(prefix, 'acme'), '["completed",that no parser reads');
  await indexAll(scene, ['job_1']);
  expect(await redis.zrange(unfinishedKey(prefix, 'acme'), '0', '-1')).toEqual(['job_1']);
});

test('a failed job stands under the rule that decided, or else the code of its error', async () => {
  const scene = openStore();
  const fail = async (id: string, error: Partial<NonNullable<JobEnd['error']>>): Promise<void> => {
    const request = await scene.submit({ id });
    const end = {
      v: SCHEMA_VERSION,
      error: { code: 'no_target_left', message: 'none', ...error },
    };
    const { result: _none, ...change } = completion({ status: 'failed', end });
    await scene.store.transition(request, change);
  };
  await fail('job_1', { provider: 'a', rule: 'status.503' });
  await fail('job_2', {});
  await indexAll(scene, ['job_1', 'job_2']);
  expect(await listed(scene, { error: 'status.503' })).toEqual(['job_1']);
  expect(await listed(scene, { error: 'no_target_left' })).toEqual(['job_2']);
  expect(await listed(scene, { statuses: ['failed'] })).toEqual(['job_2', 'job_1']);
});

test('all pairs of metadata of a job find it, also those that share a list', async () => {
  const scene = openStore();
  // So many that some must stand in the same of the 1024 lists.
  const metadata = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`name-${index}`, `value-${index}`]),
  );
  expect(metadataLists(scene.prefix, 'acme', metadata).length).toBeLessThan(200);
  await scene.submit({ metadata });
  await indexAll(scene, ['job_1']);
  for (const [name, value] of Object.entries(metadata)) {
    expect(await listed(scene, { metadata: { [name]: value } })).toEqual(['job_1']);
  }
  expect(await listed(scene, { metadata })).toEqual(['job_1']);
  expect(await listed(scene, { metadata: { 'name-1': 'value-2' } })).toEqual([]);
});

test('however many values of metadata there are, the lists of them stay few and tell none', async () => {
  const scene = openStore();
  const lists = new Set(
    Array.from({ length: 20_000 }, (_, index) =>
      metadataLists(scene.prefix, 'acme', { user: `user-${index}` }).map(({ key }) => key),
    ).flat(),
  );
  expect(lists.size).toBe(1024);
  expect([...lists].join('')).not.toContain('user');
});

test('a project sees its own lists alone', async () => {
  const scene = openStore();
  await scene.submit();
  await indexAll(scene, ['job_1']);
  expect(await listedIds(scene.redis, scene.prefix, 'other')).toEqual([]);
});

test('whoever watches lists hears of the project whose lists have changed', async () => {
  const scene = openStore();
  await scene.submit();
  const subscriber = openTestSubscriber();
  const heard = Promise.withResolvers<string>();
  subscribeToLists(subscriber, scene.prefix, heard.resolve);
  // Commands of a connection are answered in order: it listens from here on.
  await subscriber.ping();
  await indexAll(scene, ['job_1']);
  expect(await heard.promise).toBe('acme');
  subscriber.disconnect();
});

test('trimming drops what is kept no more from every list, and forgets empty ones', async () => {
  const scene = openStore();
  const { redis, prefix } = scene;
  const old = await scene.submit({
    id: 'job_1',
    created_at: NOON,
    model: 'old',
    metadata: { a: '1' },
  });
  await scene.submit({ id: 'job_2', created_at: NOON + 1 });
  await indexAll(scene, ['job_1', 'job_2']);
  await redis.unlink(jobKeys(prefix, old).record);
  await trimIndex(redis, prefix, NOON + 1);
  expect(await listed(scene)).toEqual(['job_2']);
  expect(await listed(scene, { metadata: { a: '1' } })).toEqual([]);
  expect(await redis.smembers(kindsKey(prefix, 'acme'))).toHaveLength(1);
  expect(await redis.smembers(listsKey(prefix, 'acme'))).toHaveLength(2);
});

test('of thousands of old jobs in a list those that are kept stay, wherever they stand', async () => {
  const scene = openStore();
  const { redis, prefix } = scene;
  const ids = ['job_1', 'job_2', 'job_3'];
  for (const [index, id] of ids.entries()) {
    await scene.submit({ id, created_at: NOON + index * 2100 });
  }
  await indexAll(scene, ids);
  const unfinished = unfinishedKey(prefix, 'acme');
  const gone = Array.from({ length: 5000 }, (_, index) => [NOON + index, `job_gone${index}`]);
  await redis.zadd(unfinished, ...gone.flat());
  await trimIndex(redis, prefix, NOON + 4900);
  const left = await redis.zrange(unfinished, '0', '-1');
  expect(left).toEqual([...ids, ...gone.slice(4900).map(([, id]) => id)]);
});
