import { request as httpRequest } from 'node:http';
import { usedBytesKey } from '@understudy/file-store';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { messageBatchListSchema, messageBatchSchema } from '../batches/message-batch-schemas.ts';
import { batchSchema } from '../batches/batch-schemas.ts';
import { startFilesApi } from '../testing/start-files-api.ts';
import type { FilesApi } from '../testing/start-files-api.ts';
import { API_KEY } from '../testing/start-test-api.ts';
import { answerOf, makeKey } from '../testing/webhook-calls.ts';

const PATH = '/anthropic/v1/messages/batches';
const PARAMS = { model: 'claude-x', max_tokens: 5, messages: [{ role: 'user', content: 'hello' }] };
const errorSchema = z.object({
  type: z.literal('error'),
  error: z.object({ type: z.string(), message: z.string() }),
  request_id: z.string(),
});

const requestsOf = (...ids: string[]) => ({
  requests: ids.map((id) => ({ custom_id: id, params: PARAMS })),
});

function post(api: FilesApi, body: unknown, headers: Record<string, string> = {}) {
  return api.call(PATH, { method: 'POST', body, headers });
}

async function create(api: FilesApi, ...ids: string[]) {
  return answerOf(await post(api, requestsOf(...ids)), 200, messageBatchSchema);
}

async function inputOf(api: FilesApi, batch: string): Promise<string> {
  const record = await api.parts.batches.read('default', batch);
  const content = await api.parts.files.content('default', record?.request.input_file_id ?? '');
  const chunks = [];
  for await (const chunk of content ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Ends a batch as its runner would, with results or without. */
async function end({ dispatch, parts }: FilesApi, id: string, results?: string): Promise<void> {
  const fields: Record<string, string | number> = {
    st: 'completed',
    ver: 4,
    total: 1,
    completed: 1,
    told: 1,
    at_completed: dispatch.clock.now(),
  };
  if (results !== undefined) {
    const file = 'file-00000000000000000000000001';
    async function* bytes() {
      yield Buffer.from(results ?? '');
    }
    const received = await parts.files.receive('default', file, bytes(), 1000);
    const draft = { id: file, purpose: 'batch_output' as const, filename: 'results.jsonl' };
    await parts.files.register('default', draft, received);
    fields['out'] = file;
  }
  await dispatch.redis.hset(`${dispatch.keyPrefix}:{p:default}:batch:${id}`, fields);
}

test('the requests of a call become the lines of an input, and a batch', async () => {
  const api = await startFilesApi();
  const answer = await post(api, requestsOf('a', 'b'));
  const batch = await answerOf(answer, 200, messageBatchSchema.strict());
  expect(batch).toEqual({
    id: expect.stringMatching(/^msgbatch_[0-9a-z]{26}$/),
    type: 'message_batch',
    processing_status: 'in_progress',
    request_counts: { processing: 2, succeeded: 0, errored: 0, canceled: 0, expired: 0 },
    created_at: batch.created_at,
    expires_at: new Date(Date.parse(batch.created_at) + 86_400_000).toISOString(),
    ended_at: null,
    archived_at: null,
    cancel_initiated_at: null,
    results_url: null,
  });
  expect(answer.headers.get('request-id')).toMatch(/^req_/);
  const lines = requestsOf('a', 'b').requests.map((one) => `${JSON.stringify(one)}\n`);
  expect(await inputOf(api, batch.id)).toBe(lines.join(''));
  const read = await api.call(`${PATH}/${batch.id}`);
  expect(await answerOf(read, 200, messageBatchSchema)).toEqual(batch);
  const record = await api.parts.batches.read('default', batch.id);
  expect(record?.request).toMatchObject({
    surface: 'anthropic',
    endpoint: '/v1/messages',
    lines: 2,
    priority: 8,
    output_life_ms: 29 * 86_400_000,
  });
});

test.each<[string, unknown, string]>([
  ['a custom id that comes twice', requestsOf('a', 'a'), 'requests.1.custom_id'],
  ['no requests', { requests: [] }, 'requests'],
  ['no member requests', {}, 'requests: is missing'],
  [
    'a stream',
    { requests: [{ custom_id: 'a', params: { ...PARAMS, stream: true } }] },
    'requests.0.params.stream',
  ],
  ['what is no JSON', '{"requests":[{"custom_id":', 'ends too early'],
  ['an empty body', '', 'ends too early'],
])('%s is refused in the form of Anthropic, and nothing is left', async (_name, body, message) => {
  const api = await startFilesApi();
  const response = await post(api, body);
  const problem = await answerOf(response, 400, errorSchema);
  expect(problem.error.type).toBe('invalid_request_error');
  expect(problem.error.message).toContain(message);
  expect(problem.request_id).toBe(response.headers.get('request-id'));
  await vi.waitFor(() => expect(api.stored()).toEqual([]));
});

test('a call refused in the midst of a large body is answered, not cut off', async () => {
  const api = await startFilesApi();
  const body = requestsOf('a', 'a', ...Array.from({ length: 50_000 }, (_, index) => `r${index}`));
  const problem = await answerOf(await post(api, body), 400, errorSchema);
  expect(problem.error.message).toContain('requests.1.custom_id');
});

test('what is no JSON by its header is refused before it is read', async () => {
  const api = await startFilesApi();
  const response = await post(api, 'x', { 'content-type': 'text/plain' });
  const problem = await answerOf(response, 415, errorSchema);
  expect(problem.error.message).toContain('application/json');
});

test('a caller who hangs up in the midst leaves nothing', async () => {
  const api = await startFilesApi();
  await create(api, 'first');
  await vi.waitFor(() => expect(api.stored()).toHaveLength(1));
  const outgoing = httpRequest(`${api.url}${PATH}`, {
    method: 'POST',
    headers: { 'x-api-key': API_KEY, 'content-type': 'application/json' },
  });
  outgoing.on('error', () => undefined);
  outgoing.write(JSON.stringify(requestsOf('a', 'b')).slice(0, -10));
  await vi.waitFor(() => expect(api.stored()).toHaveLength(2));
  outgoing.destroy();
  await vi.waitFor(() => expect(api.stored()).toHaveLength(1));
});

test('batches are listed newest first, forth and back', async () => {
  const api = await startFilesApi();
  const ids: string[] = [];
  for (const id of ['a', 'b', 'c']) ids.unshift((await create(api, id)).id);
  const page = async (query: string) => {
    const list = await answerOf(await api.call(`${PATH}${query}`), 200, messageBatchListSchema);
    return { ...list, data: list.data.map(({ id }) => id) };
  };
  expect(await page('')).toEqual({
    data: ids,
    has_more: false,
    first_id: ids[0],
    last_id: ids[2],
  });
  expect(await page('?limit=2')).toMatchObject({ data: ids.slice(0, 2), has_more: true });
  expect(await page(`?after_id=${ids[1]}`)).toMatchObject({ data: [ids[2]], has_more: false });
  expect(await page(`?limit=1&before_id=${ids[2]}`)).toMatchObject({ data: [ids[1]] });
  const headers = await makeKey(api, 'a-key-of-another-project', 'other');
  const foreign = await api.call(PATH, { headers });
  expect(await answerOf(foreign, 200, messageBatchListSchema)).toEqual({
    data: [],
    has_more: false,
    first_id: null,
    last_id: null,
  });
});

test('a batch that was cancelled says so, also on the surface of OpenAI', async () => {
  const api = await startFilesApi();
  const { id } = await create(api, 'a');
  const cancelled = await api.call(`${PATH}/${id}/cancel`, { method: 'POST' });
  expect(await answerOf(cancelled, 200, messageBatchSchema)).toMatchObject({
    processing_status: 'canceling',
    cancel_initiated_at: expect.any(String),
  });
  const elsewhere = await answerOf(await api.call(`/v1/batches/${id}`), 200, batchSchema);
  expect(elsewhere).toMatchObject({ id, status: 'cancelling', endpoint: '/v1/messages' });
});

test('results are read where the batch says they are', async () => {
  const api = await startFilesApi();
  const { id } = await create(api, 'a');
  expect((await api.call(`${PATH}/${id}/results`)).status).toBe(404);
  const results = '{"custom_id":"a","result":{"type":"canceled"}}\n';
  await end(api, id, results);
  const ended = await answerOf(await api.call(`${PATH}/${id}`), 200, messageBatchSchema);
  expect(ended.results_url).toBe(`${api.url}${PATH}/${id}/results`);
  const content = await api.call(`${PATH}/${id}/results`);
  expect(content.headers.get('content-type')).toContain('application/x-jsonl');
  expect(await content.text()).toBe(results);
  const headers = await makeKey(api, 'a-key-of-another-project', 'other');
  expect((await api.call(`${PATH}/${id}/results`, { headers })).status).toBe(404);
});

test('results are where callers reach the API, behind proxies or by its configuration', async () => {
  const urlIn = async (api: FilesApi, headers: Record<string, string>) => {
    const { id } = await create(api, 'a');
    await end(api, id, '{}\n');
    const batch = await api.call(`${PATH}/${id}`, { headers });
    const { results_url: url } = await answerOf(batch, 200, messageBatchSchema);
    return url?.replace(id, '<id>');
  };
  const plain = await startFilesApi();
  const forwarded = await urlIn(plain, { 'x-forwarded-proto': 'HTTPS, http' });
  expect(forwarded).toBe(`${plain.url.replace('http:', 'https:')}${PATH}/<id>/results`);
  const named = await startFilesApi('server: { publicUrl: "https://llm.example.com/" }');
  expect(await urlIn(named, {})).toBe(`https://llm.example.com${PATH}/<id>/results`);
});

test('an ended batch is deleted with its files, a running one is not', async () => {
  const api = await startFilesApi();
  const { id } = await create(api, 'a');
  const remove = () => api.call(`${PATH}/${id}`, { method: 'DELETE' });
  const refused = await answerOf(await remove(), 400, errorSchema);
  expect(refused.error.message).toContain('cancel it first');
  await end(api, id, '{}\n');
  expect(await (await remove()).json()).toEqual({ id, type: 'message_batch_deleted' });
  await vi.waitFor(() => expect(api.stored()).toEqual([]));
  expect((await api.call(`${PATH}/${id}`)).status).toBe(404);
  expect((await remove()).status).toBe(404);
});

test('a call that is repeated, by key or by an SDK, makes one batch and keeps one input', async () => {
  const api = await startFilesApi();
  const attempt = async (headers: Record<string, string>, id = 'a') => {
    const answer = await post(api, requestsOf(id), headers);
    return (await answerOf(answer, 200, messageBatchSchema)).id;
  };
  const keyed = { 'idempotency-key': 'once' };
  const first = await attempt(keyed);
  expect(await attempt(keyed)).toBe(first);
  expect((await post(api, requestsOf('other'), keyed)).status).toBe(422);
  const lost = await attempt({ 'x-stainless-retry-count': '0' }, 'b');
  expect(await attempt({ 'x-stainless-retry-count': '1' }, 'b')).toBe(lost);
  expect(await attempt({ 'x-stainless-retry-count': '1' }, 'c')).not.toBe(lost);
  await vi.waitFor(() => expect(api.stored()).toHaveLength(3));
});

test('of equal calls at the same time one makes the batch', async () => {
  const api = await startFilesApi();
  const headers = { 'idempotency-key': 'once' };
  const answers = await Promise.all([1, 2, 3].map(() => post(api, requestsOf('a'), headers)));
  const ids = await Promise.all(
    answers.map(async (answer) => (await answerOf(answer, 200, messageBatchSchema)).id),
  );
  expect(new Set(ids).size).toBe(1);
  await vi.waitFor(() => expect(api.stored()).toHaveLength(1));
  expect(await inputOf(api, ids[0] ?? '')).toContain('"custom_id":"a"');
});

test('a call that comes while Redis is short of memory leaves nothing, however often', async () => {
  const api = await startFilesApi();
  const { admission, files } = api.parts;
  const isOpen = vi.spyOn(admission, 'isOpen');
  // At once; and only after the body has come.
  for (const answers of [[false], [true, false]]) {
    for (const open of answers) isOpen.mockResolvedValueOnce(open);
    const refused = await post(api, requestsOf('a', 'b'));
    const { error } = await answerOf(refused, 503, errorSchema);
    expect(error.message).toContain('short of memory');
    expect(refused.headers.get('retry-after')).toBe('10');
  }
  expect(isOpen).toHaveBeenCalledTimes(3);
  expect((await files.list('default', { limit: 10 })).files).toEqual([]);
  const { redis, keyPrefix } = api.dispatch;
  expect(await redis.hgetall(usedBytesKey(keyPrefix, 'default'))).toEqual({});
  await vi.waitFor(() => expect(api.stored()).toEqual([]));
});
