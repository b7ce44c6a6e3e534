import { jobKeys } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { chatJob, complete, idOf, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { jobSchema } from '../schemas/job-schemas.ts';
import { problemSchema } from '../schemas/problem-schema.ts';

function post(api: TestApi, body: unknown, headers: Record<string, string> = {}) {
  return api.call('/v1/jobs', { method: 'POST', body, headers });
}

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  const problem = problemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  return problem;
}

test('a submit is answered with 202, its place, and the job', async () => {
  const api = await startTestApi();
  const response = await post(
    api,
    chatJob({
      priority: 'high',
      metadata: { team: 'a' },
      expires_in: '10m',
      max_cost: 0.5,
      providers: { only: ['main'] },
    }),
  );
  expect(response.status).toBe(202);
  const job = jobSchema.parse(await response.json());
  expect(response.headers.get('location')).toBe(`/v1/jobs/${job.id}`);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(job).toMatchObject({
    status: 'queued',
    priority: 2,
    metadata: { team: 'a' },
    max_cost: 0.5,
    providers: { only: ['main'] },
    attempts: [],
  });
  expect(Date.parse(job.expires_at) - Date.parse(job.created_at)).toBe(600_000);
  const read = await api.call(`/v1/jobs/${job.id}`);
  expect(await read.json()).toEqual(job);
  expect(await api.dispatch.queue.counts('main')).toMatchObject({ waiting: 1 });
});

test('the body is kept byte for byte: big numbers, white space, unknown and repeated members', async () => {
  const api = await startTestApi();
  const inner =
    '{ "model" : "two-ways",\n "seed": 12345678901234567890123, "x":1,"x":2.50, "u": "\\u00e9é" }';
  const id = await submit(
    api,
    `{"endpoint":"/v1/chat/completions", "body" : ${inner} ,"priority":3}`,
  );
  const kept = await api.dispatch.store.readRequestBody({ project: 'default', id });
  expect(kept?.toString()).toBe(inner);
});

test.each([
  [
    'malformed JSON',
    '{"endpoint": secret}',
    400,
    'invalid_json',
    'position 13 (line 1, column 14)',
  ],
  ['JSON that ends early', '{"endpoint":"secret', 400, 'invalid_json', 'ends too early'],
  ['an empty body', '', 400, 'invalid_request', ''],
  ['a list', '[]', 400, 'invalid_request', ''],
  ['an unknown member', chatJob({ callbak: 1 }), 400, 'invalid_request', 'callbak'],
  ['an unknown endpoint', chatJob({ endpoint: '/v1/secret' }), 400, 'invalid_request', 'endpoint'],
  ['a wrong priority', chatJob({ priority: 10 }), 400, 'invalid_request', 'priority'],
  [
    'a priority of another name',
    chatJob({ priority: 'secret' }),
    400,
    'invalid_request',
    'priority',
  ],
  [
    'a body without a model',
    { endpoint: '/v1/responses', body: {} },
    400,
    'invalid_request',
    'body.model',
  ],
  [
    'a body that is text',
    { endpoint: '/v1/responses', body: 'secret' },
    400,
    'invalid_request',
    'body',
  ],
  ['a wrong expiry', chatJob({ expires_in: 'secret' }), 400, 'invalid_request', 'expires_in'],
  ['a negative expiry', chatJob({ expires_in: -1 }), 400, 'invalid_request', 'expires_in'],
  ['no money at all', chatJob({ max_cost: 0 }), 400, 'invalid_request', 'max_cost'],
  ['money as a text', chatJob({ max_cost: 'secret' }), 400, 'invalid_request', 'max_cost'],
  ['too long an expiry', chatJob({ expires_in: '8d' }), 400, 'invalid_request', 'expires_in'],
  [
    'long metadata',
    chatJob({ metadata: { a: 's'.repeat(513) } }),
    400,
    'invalid_request',
    'metadata.a',
  ],
  [
    'metadata that are no text',
    chatJob({ metadata: { a: 1 } }),
    400,
    'invalid_request',
    'metadata.a',
  ],
  [
    'too many metadata',
    chatJob({ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, ''])) }),
    400,
    'invalid_request',
    'at most 16',
  ],
  ['unknown providers', chatJob({ providers: { only: ['mian'] } }), 400, 'invalid_request', 'mian'],
  [
    'only and except at once',
    chatJob({ providers: { only: ['main'], except: ['backup'] } }),
    400,
    'invalid_request',
    'providers',
  ],
  [
    'the memory of one of two providers',
    chatJob({}, { previous_response_id: 'resp_1' }),
    400,
    'invalid_request',
    'previous_response_id',
  ],
  [
    'a member that reaches for the prototype',
    '{"endpoint":"/v1/responses","body":{"model":"two-ways","__proto__":{"a":1}}}',
    400,
    'invalid_json',
    '__proto__',
  ],
  ['too deep JSON', `${'['.repeat(65)}${']'.repeat(65)}`, 400, 'invalid_json', 'deeper than 64'],
  ['very deep JSON', '['.repeat(500_000), 400, 'invalid_json', ''],
  [
    'a body without a model',
    '{"endpoint":"/v1/responses","body":{"input":"secret"}}',
    400,
    'invalid_request',
    'body.model: is missing; expected a text',
  ],
  [
    'a priority that is none',
    chatJob({ priority: 'secret' }),
    400,
    'invalid_request',
    'priority: expected one of "high", "normal", "low", or expected a number',
  ],
  [
    'an unknown model',
    chatJob({}, { model: 'gpt-4o-mimi' }),
    404,
    'model_not_found',
    '"gpt-4o-mini"',
  ],
  [
    'a model that looks like none',
    chatJob({}, { model: 'unheard-of' }),
    404,
    'model_not_found',
    'an operator can add it to a provider',
  ],
])('%s is refused, and nothing of it is repeated', async (_name, body, status, code, said) => {
  const api = await startTestApi();
  const response = await post(api, body);
  const problem = await problemOf(response);
  expect([problem.status, problem.error.code]).toEqual([status, code]);
  expect(problem.detail).toContain(said);
  expect(JSON.stringify(problem)).not.toContain('secret');
});

test.each([
  [
    'a member',
    '/v1/jobs',
    chatJob({ callbak: 1 }),
    'callbak: is not a member this request has; did you mean "callback"?',
  ],
  [
    'a member of a member',
    '/v1/jobs',
    chatJob({ callback: { url: 'https://a.example', secert: 'hunter2' } }),
    'callback.secert: is not a member this request has; did you mean "secret"?',
  ],
  [
    'a word',
    '/v1/jobs',
    chatJob({ endpoint: '/v1/chat/completion' }),
    'did you mean "/v1/chat/completions"?',
  ],
  [
    'a member of a body that may lack',
    '/v1/webhooks/endpoints/we_1/rotate',
    { grace: '1h' },
    'grace: is not a member this request has; known are grace_period, kind, secret',
  ],
  ['a parameter', '/v1/jobs?stauts=queued', undefined, 'this request has; did you mean "status"?'],
])('%s that is misspelt is told with what it looks like', async (_what, path, body, said) => {
  const api = await startTestApi();
  const response = await api.call(path, body === undefined ? {} : { method: 'POST', body });
  const problem = await problemOf(response);
  expect(problem.status).toBe(400);
  expect(problem.detail).toContain(said);
  expect(problem.detail).not.toContain('hunter2');
});

test('JSON of another content type is 415, and a body over the limit 413', async () => {
  const api = await startTestApi();
  const wrongType = await post(api, chatJob(), { 'content-type': 'text/plain' });
  expect((await problemOf(wrongType)).error.code).toBe('unsupported_media_type');
  const tooLarge = await post(api, chatJob({}, { padding: 'x'.repeat(32 * 1024 * 1024) }));
  expect((await problemOf(tooLarge)).status).toBe(413);
});

test('a job that continues a stored response goes to the one provider it names', async () => {
  const api = await startTestApi();
  const body = { previous_response_id: 'resp_1' };
  for (const job of [
    chatJob({}, { ...body, model: 'one-way' }),
    chatJob({ providers: { except: ['main'] } }, body),
  ]) {
    expect((await post(api, job)).status).toBe(202);
  }
});

test('an unknown model is 503 while a worker that may know it has not started', async () => {
  const api = await startTestApi({ registered: ['main'] });
  const response = await post(api, chatJob({}, { model: 'gpt-9' }));
  expect(response.headers.get('retry-after')).toBe('2');
  expect(await problemOf(response)).toMatchObject({
    status: 503,
    detail: expect.stringContaining('backup'),
  });
});

test('the same idempotency key and request replay the job as it is now', async () => {
  const api = await startTestApi();
  const headers = { 'idempotency-key': 'one' };
  const first = await post(api, chatJob({ priority: 1 }), headers);
  const id = await idOf(first);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  await complete(api, id);

  const { endpoint, body } = chatJob();
  const again = await post(api, { body, priority: 1, endpoint }, { 'idempotency-key': '"one"' });
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
  expect(await again.json()).toMatchObject({
    id,
    status: 'completed',
    result: { body: { ok: true } },
  });
});

test('an idempotency key used for another request is 422 and must not be retried', async () => {
  const api = await startTestApi();
  const headers = { 'idempotency-key': 'two' };
  await post(api, chatJob(), headers);
  const others = [
    await post(api, chatJob({ priority: 1 }), headers),
    await post(api, chatJob(), { ...headers, 'understudy-priority': '1' }),
  ];
  for (const other of others) {
    expect(other.headers.get('x-should-retry')).toBe('false');
    expect((await problemOf(other)).error.code).toBe('idempotency_mismatch');
  }
});

test('a submit that is repeated after its job was dropped is 410 and makes no second job', async () => {
  const api = await startTestApi();
  const headers = { 'idempotency-key': 'old' };
  const id = await idOf(await post(api, chatJob(), headers));
  await complete(api, id);
  const { redis, keyPrefix } = api.dispatch;
  const { record, tombstone } = jobKeys(keyPrefix, { project: 'default', id });
  expect(await redis.pttl(tombstone)).toBeGreaterThan(await redis.pttl(record));
  await redis.del(record);

  const again = await post(api, chatJob(), headers);
  expect([again.status, (await problemOf(again)).error.code]).toEqual([410, 'gone']);
  const other = await post(api, chatJob({ priority: 1 }), headers);
  expect(other.status).toBe(422);
  expect(await redis.exists(record)).toBe(0);
});

test('many submits at once with one idempotency key make one job', async () => {
  const api = await startTestApi();
  const headers = { 'idempotency-key': 'three' };
  const responses = await Promise.all(
    Array.from({ length: 20 }, () => post(api, chatJob(), headers)),
  );
  const ids = await Promise.all(responses.map(idOf));
  expect(new Set(ids).size).toBe(1);
  const replayed = responses.filter(({ headers: sent }) => sent.get('idempotency-replayed'));
  expect(replayed).toHaveLength(19);
  expect(await api.dispatch.queue.counts('main')).toMatchObject({ waiting: 1 });
});

test('what was accepted once is replayed though its route is gone', async () => {
  const api = await startTestApi();
  const headers = { 'idempotency-key': 'four' };
  const first = await post(api, chatJob(), headers);
  delete api.dispatch.views().settings.routes['two-ways'];
  const again = await post(api, chatJob(), headers);
  expect([first.status, again.status]).toEqual([202, 202]);
  expect((await post(api, chatJob())).status).toBe(404);
});

test.each(['', 'ü', 'x'.repeat(256)])('the idempotency key "%s" is refused', async (key) => {
  const api = await startTestApi();
  const response = await post(api, chatJob(), {
    'idempotency-key': Buffer.from(key).toString('latin1'),
  });
  expect((await problemOf(response)).error.param).toBe('Idempotency-Key');
});

test('the caller’s trace goes on, and the end user is found in the body', async () => {
  const api = await startTestApi();
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const response = await post(api, chatJob({}, { user: 'u-1' }), { traceparent });
  const id = await idOf(response);
  const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
  expect(record?.request).toMatchObject({ traceparent, user: 'u-1' });
});

test.each([
  ['beside a valid traceparent', 'congo=t61, rojo=1', 'congo=t61,rojo=1'],
  ['that is malformed, which leaves the traceparent as it is', 'Congo', undefined],
])('a tracestate %s', async (_what, tracestate, kept) => {
  const api = await startTestApi();
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const id = await idOf(await post(api, chatJob(), { traceparent, tracestate }));
  const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
  expect(record?.request.traceparent).toBe(traceparent);
  expect(record?.request.tracestate).toBe(kept);
});

test('a tracestate without a traceparent is none', async () => {
  const api = await startTestApi();
  const id = await idOf(await post(api, chatJob(), { tracestate: 'congo=t61' }));
  const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
  expect(record?.request).not.toHaveProperty('tracestate');
});

test('Prefer: wait answers 200 with the job when it ends in time, else 202', async () => {
  const api = await startTestApi();
  const late = await post(api, chatJob(), { prefer: 'wait=1' });
  expect([late.status, late.headers.get('preference-applied')]).toEqual([202, 'wait=1']);
  expect(late.headers.get('vary')).toContain('Prefer');

  const headers = { prefer: 'wait=30', 'idempotency-key': 'waits' };
  const inTime = post(api, chatJob(), headers);
  await expect.poll(() => api.parts.longPolls.waiting()).toBe(1);
  const first = await post(api, chatJob(), { 'idempotency-key': 'waits' });
  await complete(api, await idOf(first));
  const answer = await inTime;
  expect(answer.status).toBe(200);
  expect(jobSchema.parse(await answer.json())).toMatchObject({ status: 'completed' });
});
