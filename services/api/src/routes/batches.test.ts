import { expect, test } from 'vitest';
import { matchingKeys } from '../../../../test/support/matching-keys.ts';
import { batchListSchema, batchSchema } from '../batches/batch-schemas.ts';
import { fileSchema } from '../files/file-schemas.ts';
import { startFilesApi } from '../testing/start-files-api.ts';
import type { FilesApi } from '../testing/start-files-api.ts';
import { API_KEY } from '../testing/start-test-api.ts';
import { answerOf, makeKey } from '../testing/webhook-calls.ts';

const LINE =
  '{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o"}}';

async function inputOf(api: FilesApi): Promise<string> {
  return (await answerOf(await api.upload(`${LINE}\n`), 200, fileSchema)).id;
}

interface Given {
  body?: Record<string, unknown>;
  headers?: Record<string, string>;
  path?: string;
}

function post(api: FilesApi, input: string, { body, headers, path = '/v1' }: Given = {}) {
  return api.call(`${path}/batches`, {
    method: 'POST',
    body: {
      input_file_id: input,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
      ...body,
    },
    ...(headers === undefined ? {} : { headers }),
  });
}

async function create(api: FilesApi, given: Given = {}) {
  return answerOf(await post(api, await inputOf(api), given), 200, batchSchema);
}

const readRecord = async (api: FilesApi, id: string) => {
  const record = await api.parts.batches.read('default', id);
  if (record === undefined) throw new Error(`there is no batch ${id}`);
  return record;
};

test.each(['/v1', '/openai/v1'])(
  'a batch made under %s begins by being validated',
  async (path) => {
    const api = await startFilesApi();
    const input = await inputOf(api);
    const metadata = { team: 'a' };
    const answer = await post(api, input, { path, body: { metadata } });
    const batch = await answerOf(answer.clone(), 200, batchSchema);
    expect(batch).toEqual({
      id: expect.stringMatching(/^batch_[0-9a-z]{26}$/),
      object: 'batch',
      endpoint: '/v1/chat/completions',
      input_file_id: input,
      completion_window: '24h',
      status: 'validating',
      created_at: expect.any(Number),
      expires_at: batch.created_at + 86_400,
      request_counts: { total: 0, completed: 0, failed: 0 },
      metadata,
    });
    // Members that are unset are left out, not null.
    expect(await answer.text()).not.toContain('null');
    expect(answer.headers.get('location')).toBe(`${path}/batches/${batch.id}`);
    const read = await api.call(`${path}/batches/${batch.id}`);
    expect(await answerOf(read, 200, batchSchema)).toEqual(batch);
    expect((await readRecord(api, batch.id)).request).toMatchObject({
      surface: 'openai',
      priority: 8,
      output_life_ms: 30 * 86_400_000,
    });
  },
);

test.each([
  ['1h', 3600],
  ['36h', 129_600],
  ['7d', 604_800],
])('the window %s is an extension that is kept to', async (window, seconds) => {
  const api = await startFilesApi();
  const batch = await create(api, { body: { completion_window: window } });
  expect(batch.completion_window).toBe(window);
  expect((batch.expires_at ?? 0) - batch.created_at).toBe(seconds);
});

test('what a batch shall be like beside its requests comes in headers', async () => {
  const api = await startFilesApi();
  const batch = await create(api, {
    body: {
      metadata: { a: 'body' },
      output_expires_after: { anchor: 'created_at', seconds: 3600 },
    },
    headers: {
      'understudy-priority': 'high',
      'understudy-expires-in': '90s',
      'understudy-providers': 'except=backup',
      'understudy-max-cost': '5',
      'understudy-metadata': '{"a":"header","b":"header"}',
      'understudy-callback-url': 'https://hooks.example.com/in',
    },
  });
  expect(batch.metadata).toEqual({ a: 'body', b: 'header' });
  const { request } = await readRecord(api, batch.id);
  expect(request).toMatchObject({
    priority: 2,
    providers: { except: ['backup'] },
    max_cost: 5,
    output_life_ms: 3_600_000,
    callback: {
      url: 'https://hooks.example.com/in',
      events: ['batch.completed', 'batch.failed', 'batch.expired', 'batch.cancelled'],
    },
  });
  expect(request.expires_at - request.created_at).toBe(90_000);
});

test.each<[string, Given, string]>([
  ['another endpoint', { body: { endpoint: '/v1/moderations' } }, 'endpoint'],
  ['a window that is no duration', { body: { completion_window: 'soon' } }, 'completion_window'],
  ['a window beyond a week', { body: { completion_window: '8d' } }, 'completion_window'],
  ['no money at all', { body: { max_cost: 0 } }, 'max_cost'],
  ['money as a text', { body: { max_cost: '5' } }, 'max_cost'],
  [
    'money in a header that is no number',
    { headers: { 'understudy-max-cost': '5 USD' } },
    'Understudy-Max-Cost',
  ],
  ['metadata of another kind', { body: { metadata: { a: 1 } } }, 'metadata.a'],
  [
    'a life of the results that is too short',
    { body: { output_expires_after: { anchor: 'created_at', seconds: 60 } } },
    'output_expires_after.seconds',
  ],
  [
    'a priority there is none of',
    { headers: { 'understudy-priority': '11' } },
    'Understudy-Priority',
  ],
  [
    'a provider that is not configured',
    { headers: { 'understudy-providers': 'except=bakcup' } },
    'providers.except',
  ],
  [
    'a callback to a private address',
    { headers: { 'understudy-callback-url': 'http://10.0.0.1/in' } },
    'callback.url',
  ],
])('%s is refused by name', async (_name, given, param) => {
  const api = await startFilesApi();
  const response = await post(api, await inputOf(api), given);
  expect([response.status, await response.json()]).toMatchObject([400, { error: { param } }]);
  expect(
    (await api.parts.batches.list('default', { surface: 'openai', limit: 1 })).batches,
  ).toEqual([]);
});

test('what a batch may cost is said by its body before any header, and shown', async () => {
  const api = await startFilesApi();
  const batch = await create(api, {
    body: { max_cost: 0.5 },
    headers: { 'understudy-max-cost': '5' },
  });
  expect(batch.max_cost).toBe(0.5);
  expect((await readRecord(api, batch.id)).request.max_cost).toBe(0.5);
});

test('an input that is missing, foreign, too large or the output of a batch is refused', async () => {
  const api = await startFilesApi('batches: { maxBytes: 200 }');
  const refused = async (input: string, reason: string) => {
    const response = await post(api, input);
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { param: 'input_file_id', message: expect.stringContaining(reason) } },
    ]);
  };
  await refused('file-00000000000000000000000000', 'there is no file');
  await refused('no file at all', 'there is no file');
  const headers = await makeKey(api, 'a-key-of-another-project', 'other');
  await refused(
    (await answerOf(await api.upload(LINE, { headers }), 200, fileSchema)).id,
    'no file',
  );
  const large = await answerOf(await api.upload(LINE.repeat(3)), 200, fileSchema);
  await refused(large.id, 'at most 200');
  const output = 'file-00000000000000000000000001';
  const draft = { id: output, purpose: 'batch_output' as const, filename: 'out.jsonl' };
  await api.parts.files.openOutput('default', draft);
  await refused(output, '"batch_output"');
});

/** An input that is kept for an hour. */
async function shortInput(api: FilesApi) {
  const form = new FormData();
  form.append('file', new Blob([LINE]), 'input.jsonl');
  form.append('purpose', 'batch');
  form.append('expires_after[anchor]', 'created_at');
  form.append('expires_after[seconds]', '3600');
  const headers = { 'x-api-key': API_KEY, 'idempotency-key': 'once' };
  const posted = await fetch(`${api.url}/v1/files`, { method: 'POST', headers, body: form });
  return answerOf(posted, 200, fileSchema);
}

test.each([
  { 'understudy-priority': 'high' },
  { 'understudy-providers': 'only=nobody' },
  { 'understudy-callback-url': 'http://10.0.0.1/in' },
])('a batch that is refused for %j keeps its input no longer', async (headers) => {
  const api = await startFilesApi('projects: { default: { highestPriority: 5 } }');
  const { id, expires_at: expiresAt } = await shortInput(api);
  expect((await post(api, id, { headers })).status).toBe(400);
  const kept = await answerOf(await api.call(`/v1/files/${id}`), 200, fileSchema);
  expect(kept.expires_at).toBe(expiresAt);
});

test('an input that was to expire before its batch stays for it, and keeps its idempotency key', async () => {
  const api = await startFilesApi();
  const { id: input } = await shortInput(api);
  const batch = await answerOf(await post(api, input), 200, batchSchema);
  await api.parts.files.sweep(api.dispatch.clock.now() + 7_200_000);
  const kept = await answerOf(await api.call(`/v1/files/${input}`), 200, fileSchema);
  expect(kept.expires_at).toBeGreaterThan(batch.expires_at ?? Infinity);
  const { redis, keyPrefix } = api.dispatch;
  const [key = ''] = await matchingKeys(redis, `${keyPrefix}:*:uploaded:${input}`);
  expect(await redis.pttl(key)).toBeGreaterThan(86_400_000);
});

test('batches are listed newest first, page by page', async () => {
  const api = await startFilesApi();
  const input = await inputOf(api);
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    ids.unshift((await answerOf(await post(api, input), 200, batchSchema)).id);
  }
  const page = async (query: string) =>
    answerOf(await api.call(`/v1/batches${query}`), 200, batchListSchema);
  expect((await page('')).data.map(({ id }) => id)).toEqual(ids);
  const first = await page('?limit=2');
  expect(first).toMatchObject({ first_id: ids[0], last_id: ids[1], has_more: true });
  const rest = await page(`?limit=2&after=${first.last_id}`);
  expect([rest.data.map(({ id }) => id), rest.has_more]).toEqual([[ids[2]], false]);
  const headers = await makeKey(api, 'a-key-of-another-project', 'other');
  const foreign = await api.call('/v1/batches', { headers });
  expect(await answerOf(foreign, 200, batchListSchema)).toEqual({
    object: 'list',
    data: [],
    has_more: false,
  });
});

test('cancelling needs no body, and is safe to repeat', async () => {
  const api = await startFilesApi();
  const { id } = await create(api);
  const cancel = (more: Record<string, string> = {}) =>
    api.call(`/v1/batches/${id}/cancel`, { method: 'POST', headers: more });
  const cancelled = await answerOf(await cancel(), 200, batchSchema);
  expect(cancelled.status).toBe('cancelling');
  expect(cancelled.cancelling_at).toBeDefined();
  expect(await answerOf(await cancel(), 200, batchSchema)).toEqual(cancelled);
  const foreign = await makeKey(api, 'a-key-of-another-project', 'other');
  expect((await cancel(foreign)).status).toBe(404);
  expect((await api.call(`/v1/batches/${id}`, { headers: foreign })).status).toBe(404);
  expect((await api.call('/v1/batches/batch_1/cancel', { method: 'POST' })).status).toBe(404);
});

test('a request that repeats an idempotency key makes one batch', async () => {
  const api = await startFilesApi();
  const input = await inputOf(api);
  const headers = { 'idempotency-key': 'batch-1' };
  const first = await answerOf(await post(api, input, { headers }), 200, batchSchema);
  await api.call(`/v1/files/${input}`, { method: 'DELETE' });
  const again = await post(api, input, { headers });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect((await answerOf(again, 200, batchSchema)).id).toBe(first.id);
  const other = await post(api, input, { headers, body: { completion_window: '48h' } });
  expect([other.status, await other.json()]).toMatchObject([
    422,
    { error: { code: 'idempotency_mismatch' } },
  ]);
});

test("an SDK's retry of a create whose answer was lost finds the batch, or makes it", async () => {
  const api = await startFilesApi();
  const input = await inputOf(api);
  const attempt = async (count: number, given: Given = {}) => {
    const headers = { 'x-stainless-retry-count': String(count) };
    return (await answerOf(await post(api, input, { ...given, headers }), 200, batchSchema)).id;
  };
  const first = await attempt(0);
  expect(await attempt(1)).toBe(first);
  expect(await attempt(2)).toBe(first);
  expect(await attempt(0)).not.toBe(first);
  const other = { body: { metadata: { of: 'another' } } };
  const made = await attempt(1, other);
  expect(made).not.toBe(first);
  expect(await attempt(2, other)).toBe(made);
});
