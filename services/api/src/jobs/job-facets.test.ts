import { jobKeys, metadataLists } from '@understudy/job-store';
import { expect, test, vi } from 'vitest';
import { jobFacetsSchema } from '../schemas/job-filter-schemas.ts';
import type { JobFacets } from '../schemas/job-filter-schemas.ts';
import { jobListSchema } from '../schemas/job-schemas.ts';
import { runningJob } from '../testing/running-job.ts';
import { chatJob, complete, fail, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';

const facetsOf = async (api: TestApi, query = ''): Promise<JobFacets> => {
  const response = await api.call(`/v1/jobs/facets${query}`);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
  return jobFacetsSchema.parse(JSON.parse(text));
};

const listed = async (api: TestApi, query: string): Promise<string[]> => {
  const response = await api.call(`/v1/jobs${query}`);
  return jobListSchema.parse(await response.json()).data.map(({ id }) => id);
};

async function indexed(api: TestApi, ids: readonly string[]): Promise<void> {
  const records = await api.dispatch.store.readRecords(
    ids.map((id) => ({ project: 'default', id })),
  );
  await api.index(records.flatMap((record) => record ?? []));
}

/** Three completed, two failed for different reasons, one queued; of two models and two teams. */
async function someJobs(api: TestApi): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < 6; number += 1) {
    const model = number % 2 === 0 ? 'two-ways' : 'one-way';
    const metadata = { team: number < 3 ? 'x' : 'y', number: String(number) };
    ids.push(await submit(api, chatJob({ metadata }, { model })));
  }
  for (const number of [0, 1, 2]) await complete(api, ids[number] ?? '');
  await fail(api, ids[3] ?? '', { provider: 'main', rule: 'status.503' });
  await fail(api, ids[4] ?? '', { provider: 'backup' });
  await indexed(api, ids);
  return ids;
}

const asObject = (values: JobFacets['facets']['status']): Record<string, number> =>
  Object.fromEntries(values.map(({ value, count }) => [value, count]));

test('facets count what fits all of the filter but what it says of the facet itself', async () => {
  const api = await startTestApi();
  await someJobs(api);
  const all = await facetsOf(api);
  expect([all.exact, all.total.count]).toEqual([true, 6]);
  expect(asObject(all.facets.status)).toEqual({ completed: 3, failed: 2, queued: 1 });
  expect(asObject(all.facets.model)).toEqual({ 'two-ways': 3, 'one-way': 3 });
  expect(asObject(all.facets.provider)).toEqual({ main: 5, backup: 1 });
  expect(asObject(all.facets.error)).toEqual({ 'status.503': 1, no_target_left: 1 });
  expect(all.facets.project).toBeUndefined();

  const failed = await facetsOf(api, '?status=failed&model=one-way');
  expect(failed.total.count).toBe(1);
  expect(asObject(failed.facets.status)).toEqual({ completed: 1, failed: 1, queued: 1 });
  expect(asObject(failed.facets.model)).toEqual({ 'two-ways': 1, 'one-way': 1 });
  expect(asObject(failed.facets.error)).toEqual({ 'status.503': 1 });
});

test('facets count in metadata and a range of time', async () => {
  const api = await startTestApi();
  await someJobs(api);
  const ofTeam = await facetsOf(api, '?metadata=team:x');
  expect([ofTeam.exact, ofTeam.total.count]).toEqual([true, 3]);
  expect(asObject(ofTeam.facets.status)).toEqual({ completed: 3 });
  const both = await facetsOf(api, '?metadata=team:y&metadata=number:4');
  expect(asObject(both.facets.error)).toEqual({ no_target_left: 1 });
  const past = await facetsOf(api, '?created_before=2020-01-01T00:00:00Z');
  expect([past.total.count, past.facets.status]).toEqual([0, []]);
  const since = await facetsOf(api, '?created_after=2020-01-01T00:00:00%2B02:00');
  expect(since.total.count).toBe(6);
});

test('facets count no job of other metadata, though lists cannot tell it from the metadata asked for', async () => {
  const api = await startTestApi();
  const [rare, other] = [{ user: 'rare' }, { user: 'u186345' }];
  expect(metadataLists('', 'default', other)).toEqual(metadataLists('', 'default', rare));
  const ids = [
    await submit(api, chatJob({ metadata: rare })),
    await submit(api, chatJob({ metadata: other })),
  ];
  await complete(api, ids[0] ?? '');
  await indexed(api, ids);
  const found = await facetsOf(api, '?metadata=user:rare');
  expect([found.exact, found.total.count]).toEqual([true, 1]);
  expect(asObject(found.facets.status)).toEqual({ completed: 1 });
  expect(await listed(api, '?metadata=user:rare')).toEqual([ids[0]]);

  // Which pairs it has only a service of the release that wrote it can tell.
  const { redis, keyPrefix } = api.dispatch;
  await redis.hset(jobKeys(keyPrefix, { project: 'default', id: ids[1] ?? '' }).record, 'v', 99);
  const nearly = await facetsOf(api, '?metadata=user:rare');
  expect([nearly.exact, nearly.total.count]).toEqual([false, 2]);
});

test('lists take the same filters, together', async () => {
  const api = await startTestApi();
  const ids = await someJobs(api);
  expect(await listed(api, '?metadata=team:x&model=two-ways')).toEqual([ids[2], ids[0]]);
  expect(await listed(api, '?metadata=team:y&status=failed')).toEqual([ids[4], ids[3]]);
  expect(await listed(api, '?error=status.503')).toEqual([ids[3]]);
  expect(await listed(api, '?error=no_target_left&provider=backup')).toEqual([ids[4]]);
  expect(await listed(api, '?route=one-way&status=completed')).toEqual([ids[1]]);
  expect(await listed(api, '?metadata=team:z')).toEqual([]);
  expect(await listed(api, '?metadata=constructor:x')).toEqual([]);
  expect(await listed(api, '?created_after=2100-01-01T00:00:00Z')).toEqual([]);
});

test('a job that runs is counted as in progress, and no longer as queued', async () => {
  const api = await startTestApi();
  const [, , , , , queued = ''] = await someJobs(api);
  const running = await runningJob(api);
  const { total, facets } = await facetsOf(api, '?status=in_progress');
  expect(total.count).toBe(1);
  expect(asObject(facets.status)).toEqual({ completed: 3, failed: 2, in_progress: 1 });
  expect(await listed(api, '?status=in_progress&metadata=team:y')).toEqual([queued]);
  await running.end();
});

test('facets look at no finished job, however many there are', async () => {
  const api = await startTestApi();
  await someJobs(api);
  const commands = vi.spyOn(api.dispatch.redis, 'sendCommand');
  await facetsOf(api, '?status=completed');
  const names = commands.mock.calls.map(([{ name }]) => name);
  expect(names).not.toContain('hgetall');
  expect(names.length).toBeLessThan(30);
});

test.each([
  ['metadata=colour', 'metadata'],
  ['metadata=:red', 'metadata'],
  ['metadata=__proto__:x', 'metadata'],
  ['metadata=team:x&metadata=team:y', 'metadata'],
  ['created_after=yesterday', 'created_after'],
  ['limit=5', undefined],
])('facets by %s are refused', async (query, param) => {
  const api = await startTestApi();
  const response = await api.call(`/v1/jobs/facets?${query}`);
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { code: 'invalid_request', ...(param === undefined ? {} : { param }) } },
  ]);
});
