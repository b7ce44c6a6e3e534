import { expect, test } from 'vitest';
import { bulkResultSchema } from '../schemas/job-filter-schemas.ts';
import type { BulkResult } from '../schemas/job-filter-schemas.ts';
import { chatJob, complete, fail, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';

async function bulk(
  api: TestApi,
  action: 'cancel' | 'retry',
  body: unknown,
  headers: Record<string, string> = {},
): Promise<BulkResult> {
  const response = await api.call(`/v1/jobs/${action}`, { method: 'POST', body, headers });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
  return bulkResultSchema.parse(JSON.parse(text));
}

async function indexed(api: TestApi, ids: readonly string[]) {
  const found = await api.dispatch.store.readRecords(ids.map((id) => ({ project: 'default', id })));
  const records = found.flatMap((record) => record ?? []);
  await api.index(records);
  return records;
}

async function submitted(api: TestApi, count: number, more = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) ids.push(await submit(api, chatJob(more)));
  return ids;
}

const statusesOf = async (api: TestApi, ids: readonly string[]): Promise<(string | undefined)[]> =>
  (await indexed(api, ids)).map(({ status }) => status);

test('what fits and has not ended is cancelled, page by page, and no more than that', async () => {
  const api = await startTestApi();
  const ours = await submitted(api, 5, { metadata: { run: 'a' } });
  const others = await submitted(api, 2, { metadata: { run: 'b' } });
  await complete(api, ours[0] ?? '');
  await indexed(api, [...ours, ...others]);
  const filter = { metadata: { run: 'a' } };
  expect(await bulk(api, 'cancel', { filter, dry_run: true, limit: 1000 })).toEqual({
    object: 'bulk_result',
    action: 'cancel',
    dry_run: true,
    matched: 4,
    done: 0,
    skipped: [],
    has_more: false,
  });
  const first = await bulk(api, 'cancel', { filter, limit: 3 });
  expect(first).toMatchObject({ matched: 3, done: 3, skipped: [], has_more: true });
  const second = await bulk(api, 'cancel', { filter, limit: 3, after: first.next_after });
  expect(second).toMatchObject({ matched: 1, done: 1, has_more: false });
  expect(await statusesOf(api, ours)).toEqual([
    'completed',
    'cancelled',
    'cancelled',
    'cancelled',
    'cancelled',
  ]);
  expect(await statusesOf(api, others)).toEqual(['queued', 'queued']);
  expect(await bulk(api, 'cancel', { filter })).toMatchObject({ matched: 0, done: 0 });
});

test('jobs that the filter names although they have ended are told as skipped', async () => {
  const api = await startTestApi();
  const ids = await submitted(api, 2);
  for (const id of ids) await complete(api, id);
  await indexed(api, ids);
  expect(await bulk(api, 'cancel', { filter: { status: 'completed' } })).toMatchObject({
    matched: 2,
    done: 0,
    skipped: ids.toReversed().map((id) => ({ id, code: 'ended' })),
  });
});

test('failed jobs are made anew, completed ones only where they are named', async () => {
  const api = await startTestApi();
  const ids = await submitted(api, 4);
  const [good = '', bad = '', worse = '', open = ''] = ids;
  await complete(api, good);
  await fail(api, bad, { rule: 'status.503' });
  await fail(api, worse, { rule: 'status.500' });
  await indexed(api, ids);
  expect(await bulk(api, 'retry', { filter: { error: 'status.503' } })).toMatchObject({
    matched: 1,
    done: 1,
  });
  expect(await bulk(api, 'retry', { filter: {} })).toMatchObject({ matched: 2, done: 2 });
  expect(await bulk(api, 'retry', { filter: { status: 'completed' } })).toMatchObject({ done: 1 });
  expect(await bulk(api, 'retry', { filter: { status: 'queued' } })).toMatchObject({
    done: 0,
    skipped: [{ id: open, code: 'conflict' }],
  });
});

test('a retry that is repeated with its Idempotency-Key makes no job twice, whatever fits by then', async () => {
  const api = await startTestApi();
  const ids = await submitted(api, 3, { metadata: { run: 'a' } });
  for (const id of ids) await fail(api, id);
  await indexed(api, ids);
  const headers = { 'idempotency-key': 'once' };
  const body = { filter: { status: 'failed', metadata: { run: 'a' } } };
  expect(await bulk(api, 'retry', body, headers)).toMatchObject({ matched: 3, done: 3 });
  const another = await submitted(api, 1, { metadata: { run: 'a' } });
  await fail(api, another[0] ?? '');
  await indexed(api, another);
  expect(await bulk(api, 'retry', body, headers)).toMatchObject({ matched: 4, done: 4 });
  // Those that were failed here left their entries in the queue; beside them one new job of each.
  const { waiting } = await api.dispatch.queue.counts('main');
  expect(waiting).toBe(ids.length + another.length + 4);
});

/** Of an API whose project may have four jobs waiting: three that failed, and two that wait. */
async function atLimit(): Promise<{ api: TestApi; failed: string[]; waiting: string[] }> {
  const api = await startTestApi({
    configuration: `
providers:
  main: { kind: openai, apiKey: unused }
  backup: { kind: openai, apiKey: unused }
routes:
  two-ways:
    targets: [ { provider: main, model: gpt-4o }, { provider: backup, model: gpt-4o } ]
projects:
  default: { jobsWaiting: 4 }
`,
  });
  const failed = await submitted(api, 3);
  for (const id of failed) await fail(api, id);
  await indexed(api, failed);
  const waiting = await submitted(api, 2);
  await indexed(api, waiting);
  return { api, failed, waiting };
}

test('a retry that meets a limit says how far it came, or refuses where nothing came of it', async () => {
  const { api, failed } = await atLimit();
  const result = await bulk(api, 'retry', { filter: { status: 'failed' } });
  expect(result).toMatchObject({ matched: 3, done: 2, stopped: { code: 'quota_exceeded' } });
  expect(result.skipped.map(({ code }) => code)).toEqual(['quota_exceeded']);
  // Without a key those that were done would be done again.
  expect([result.has_more, result.next_after?.split('-')[1]]).toEqual([false, failed[0]]);
  const again = await api.call('/v1/jobs/retry', {
    method: 'POST',
    body: { filter: { status: 'failed' } },
  });
  expect([again.status, again.headers.has('retry-after')]).toEqual([429, true]);
});

test('who goes on after a limit under the same key leaves out none, and makes none twice', async () => {
  const { api, waiting } = await atLimit();
  const headers = { 'idempotency-key': 'on-and-on' };
  const filter = { status: 'failed' };
  const first = await bulk(api, 'retry', { filter }, headers);
  expect(first).toMatchObject({ done: 2, has_more: true, stopped: { code: 'quota_exceeded' } });
  for (const id of waiting) await complete(api, id);
  await indexed(api, waiting);
  const next = { filter, ...(first.next_after === undefined ? {} : { after: first.next_after }) };
  const second = await bulk(api, 'retry', next, headers);
  expect(second).toMatchObject({ skipped: [], has_more: false });
  expect(second.stopped).toBeUndefined();
  // All that were submitted here left their entries in the queue; beside them one new job of each.
  const counts = await api.dispatch.queue.counts('main');
  expect(counts.waiting).toBe(3 + 2 + 3);
});

test.each([
  [{}, 'filter'],
  [{ filter: { colour: 'red' } }, 'filter'],
  [{ filter: {}, limit: 1001 }, 'limit'],
  [{ filter: {}, after: 'garbage' }, 'after'],
])('%j is refused', async (body, param) => {
  const api = await startTestApi();
  for (const action of ['cancel', 'retry']) {
    const response = await api.call(`/v1/jobs/${action}`, { method: 'POST', body });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { code: 'invalid_request', param: expect.stringContaining(param) } },
    ]);
  }
});
