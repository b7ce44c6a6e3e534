import { readOutbox, SHARD_COUNT } from '@understudy/job-store';
import { countOutbox } from '@understudy/statistics';
import { expect, test } from 'vitest';
import { issueKey, makeProject } from '../testing/admin-calls.ts';
import { statisticsSchema } from '../schemas/statistics-schemas.ts';
import { complete, fail, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';

const MINUTE_MS = 60_000;

/** Does at once what the scheduler does within a second. */
async function relay({ dispatch }: TestApi): Promise<void> {
  const { redis, keyPrefix, store } = dispatch;
  const shards = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);
  const entries = await readOutbox(redis, keyPrefix, shards, 1000);
  const jobs = [...entries.values()].flat();
  const records = await store.readRecords(jobs);
  const byId = new Map(jobs.map(({ id }, index) => [id, records[index]]));
  await countOutbox(redis, keyPrefix, entries, ({ id }) => byId.get(id));
}

async function read(api: TestApi, query = '', headers: Record<string, string> = {}) {
  const response = await api.call(`/v1/statistics${query}`, { headers });
  expect(response.status).toBe(200);
  const statistics = statisticsSchema.parse(await response.json());
  const sum = (name: 'accepted' | 'completed' | 'failed' | 'input_tokens'): number =>
    statistics.buckets.reduce((total, bucket) => total + bucket[name], 0);
  return { ...statistics, sum };
}

test('the last hour is told by the minute, with what each provider did', async () => {
  const api = await startTestApi();
  const answered = await submit(api);
  const refused = await submit(api);
  await complete(api, answered, '{}', { duration_ms: 300 });
  await fail(api, refused);
  await relay(api);
  const { buckets, providers, flows, resolution, sum } = await read(api);
  expect(resolution).toBe('minute');
  expect(buckets.length).toBe(60);
  expect([sum('accepted'), sum('completed'), sum('failed'), sum('input_tokens')]).toEqual([
    2, 1, 1, 1,
  ]);
  expect(providers).toMatchObject([
    {
      provider: 'main',
      attempts: 2,
      succeeded: 1,
      failed: 1,
      errors: [{ rule: 'default.test', count: 1 }],
    },
  ]);
  expect(providers[0]?.latency_ms?.p50).toBeGreaterThan(240);
  expect(providers[0]?.buckets.map(({ at }) => at)).toEqual(buckets.map(({ at }) => at));
  expect(flows).toEqual([{ from: 'main', to: null, count: 1 }]);

  const hours = await read(api, '?resolution=hour');
  expect(hours.sum('accepted')).toBe(2);
  expect(hours.buckets.length).toBeLessThanOrEqual(2);
});

test('a project sees what it did itself, an administrator also one by name and all together', async () => {
  const api = await startTestApi();
  await makeProject(api, 'theirs');
  const theirs = await issueKey(api, { project: 'theirs' });
  const operator = await issueKey(api, { scopes: ['admin'] });
  await submit(api);
  await submit(api);
  const job = { endpoint: '/v1/chat/completions', body: { model: 'two-ways', messages: [] } };
  const sent = await api.call('/v1/jobs', { method: 'POST', body: job, headers: theirs.headers });
  expect(sent.status).toBe(202);
  await relay(api);
  expect((await read(api)).sum('accepted')).toBe(2);
  expect((await read(api, '', theirs.headers)).sum('accepted')).toBe(1);
  const named = { ...operator.headers, 'understudy-project': 'theirs' };
  expect((await read(api, '', named)).sum('accepted')).toBe(1);
  const all = { ...operator.headers, 'understudy-project': '*' };
  expect((await read(api, '', all)).sum('accepted')).toBe(3);
});

test('a range that is empty, backwards or longer than what is kept is refused with the remedy', async () => {
  const api = await startTestApi();
  const now = api.dispatch.clock.now();
  const at = (agoMs: number): string => new Date(now - agoMs).toISOString();
  const refused = async (query: string): Promise<string> => {
    const response = await api.call(`/v1/statistics?${query}`);
    expect([query, response.status]).toEqual([query, 400]);
    return response.text();
  };
  expect(await refused(`from=${at(0)}&to=${at(MINUTE_MS)}`)).toContain('earlier from');
  expect(await refused(`from=${at(26 * 60 * MINUTE_MS)}`)).toContain('ask for hours');
  expect(await refused(`from=${at(9 * 1440 * MINUTE_MS)}&resolution=hour`)).toContain(
    'ask for less',
  );
  await refused('from=yesterday');
  await refused('resolution=second');
  const day = await read(api, `?from=${at(24 * 60 * MINUTE_MS)}&to=${at(0)}`);
  expect(day.buckets.length).toBeGreaterThanOrEqual(1440);
});
