import type { JobRecord } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { runningJob } from '../testing/running-job.ts';
import { chatJob, complete, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { jobListSchema } from '../schemas/job-schemas.ts';

async function list(api: TestApi, query = '') {
  const response = await api.call(`/v1/jobs${query}`);
  expect(response.status).toBe(200);
  return jobListSchema.parse(await response.json());
}

async function recordsOf(api: TestApi, ids: readonly string[]): Promise<JobRecord[]> {
  const found = await api.dispatch.store.readRecords(ids.map((id) => ({ project: 'default', id })));
  return found.filter((record) => record !== undefined);
}

/** Some of two models; those named are completed at `main`. Newest first. */
async function someJobs(api: TestApi, count: number, completed: readonly number[] = []) {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const model = number % 2 === 0 ? 'two-ways' : 'one-way';
    ids.push(await submit(api, chatJob({}, { model })));
  }
  for (const number of completed) await complete(api, ids[number] ?? '');
  await api.index(await recordsOf(api, ids));
  const records = await recordsOf(api, ids);
  return records
    .toSorted((a, b) => {
      const [x, y] = [a.request, b.request];
      return y.created_at - x.created_at || (x.id < y.id ? 1 : -1);
    })
    .map(({ request, status }) => ({ id: request.id, model: request.model, status }));
}

test('pages go from the newest job to the oldest, each once', async () => {
  const api = await startTestApi();
  const jobs = await someJobs(api, 7);
  const seen: string[] = [];
  let after = '';
  for (;;) {
    const page = await list(api, `?limit=3${after}`);
    expect(page.first_id).toBe(page.data[0]?.id);
    expect(page.last_id).toBe(page.data.at(-1)?.id);
    seen.push(...page.data.map(({ id }) => id));
    if (!page.has_more) break;
    after = `&after=${page.last_id}`;
  }
  expect(seen).toEqual(jobs.map(({ id }) => id));
});

test('a page shows neither attempts nor results', async () => {
  const api = await startTestApi();
  await someJobs(api, 1, [0]);
  const response = await api.call('/v1/jobs');
  const { data } = z
    .object({ data: z.array(z.record(z.string(), z.unknown())) })
    .parse(await response.json());
  expect(data[0]).toMatchObject({ status: 'completed' });
  expect(Object.keys(data[0] ?? {})).not.toContain('attempts');
  expect(Object.keys(data[0] ?? {})).not.toContain('result');
});

test('filters hold alone and together', async () => {
  const api = await startTestApi();
  const jobs = await someJobs(api, 8, [0, 1, 2]);
  const ids = (fits: (job: (typeof jobs)[number]) => boolean) =>
    jobs.filter((job) => fits(job)).map(({ id }) => id);
  const listed = async (query: string) => (await list(api, query)).data.map(({ id }) => id);
  expect(await listed('?status=completed')).toEqual(ids((job) => job.status === 'completed'));
  expect(await listed('?status=queued')).toEqual(ids((job) => job.status === 'queued'));
  expect(await listed('?status=failed')).toEqual([]);
  expect(await listed('?model=one-way')).toEqual(ids((job) => job.model === 'one-way'));
  expect(await listed('?model=one-way&status=completed')).toEqual(
    ids((job) => job.model === 'one-way' && job.status === 'completed'),
  );
  expect(await listed('?provider=main')).toEqual(ids(() => true));
  expect(await listed('?provider=main&status=completed')).toEqual(
    ids((job) => job.status === 'completed'),
  );
  expect(await listed('?provider=backup')).toEqual([]);
  const half = await list(api, '?provider=main&model=two-ways&limit=2');
  expect(half.has_more).toBe(true);
  expect(half.data.map(({ id }) => id)).toEqual(ids((job) => job.model === 'two-ways').slice(0, 2));
});

test('a job that a worker holds is listed as in progress and no longer as queued', async () => {
  const api = await startTestApi();
  const [queued] = await someJobs(api, 1);
  const running = await runningJob(api);
  expect((await list(api, '?status=in_progress')).data.map(({ id }) => id)).toEqual([queued?.id]);
  expect((await list(api, `?status=in_progress&after=${queued?.id}`)).data).toEqual([]);
  expect((await list(api, '?status=in_progress&model=one-way')).data).toEqual([]);
  expect((await list(api, '?status=queued')).data).toEqual([]);
  await running.end();
});

test.each([
  'after=garbage',
  'after=job_00000000000000000000000000',
  'limit=0',
  'limit=101',
  'limit=x',
])('a list with %s is refused', async (query) => {
  const api = await startTestApi();
  const response = await api.call(`/v1/jobs?${query}`);
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { code: 'invalid_request', param: query.split('=')[0] } },
  ]);
});

test.each(['status=done', 'colour=red'])('a list by %s is refused', async (query) => {
  const api = await startTestApi();
  expect((await api.call(`/v1/jobs?${query}`)).status).toBe(400);
});
