import { endJob } from '@understudy/dispatch';
import { jobIdOfKey } from '@understudy/submission';
import { expect, test } from 'vitest';
import { anthropicErrorSchema, problemSchema } from '../schemas/problem-schema.ts';
import { jobSchema } from '../schemas/job-schemas.ts';
import { openCall } from '../testing/open-call.ts';
import { complete, fail, startTestApi } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';

const CHAT = { model: 'two-ways', messages: [{ role: 'user', content: 'hello' }] };
const MESSAGE = { ...CHAT, max_tokens: 100 };
const ANSWER = '{ "id" : "chatcmpl-1",\n "big":12345678901234567890123,"a":2.0 }';

function post(api: TestApi, path: string, body: unknown, headers: Record<string, string> = {}) {
  return api.call(path, { method: 'POST', body, headers });
}

test.each([
  ['/v1/chat/completions', '/v1/chat/completions', 'openai'],
  ['/openai/v1/chat/completions', '/v1/chat/completions', 'openai'],
  ['/v1/embeddings', '/v1/embeddings', 'openai'],
  ['/openai/v1/responses', '/v1/responses', 'openai'],
  ['/anthropic/v1/messages', '/v1/messages', 'anthropic'],
])(
  "a call to %s is a job, and its answer is the provider's, byte for byte",
  async (path, endpoint, surface) => {
    const api = await startTestApi();
    const sent = `{"model": "two-ways",\n "seed": 12345678901234567890123, "input": "hello"}`;
    const { id, answer } = await openCall(api, path, sent);
    const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
    expect(record?.request).toMatchObject({ endpoint, surface, model: 'two-ways' });
    const kept = await api.dispatch.store.readRequestBody({ project: 'default', id });
    expect(kept?.toString()).toBe(sent);

    await complete(api, id, ANSWER);
    const response = await answer;
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(ANSWER);
    const { headers } = response;
    expect(headers.get('content-type')).toContain('application/json');
    expect(headers.get('location')).toBe(`/v1/jobs/${id}`);
    expect(headers.get('understudy-job')).toBe(id);
    expect(headers.get('understudy-provider')).toBe('main');
    expect(headers.get('understudy-model')).toBe('gpt-4o');
    expect(headers.get('x-request-id')).toMatch(/^req_/);
    const anthropicName = surface === 'anthropic' ? headers.get('x-request-id') : null;
    expect(headers.get('request-id')).toBe(anthropicName);
  },
);

test('options of the broker come as headers, and the life of the job is the wait unless told', async () => {
  const api = await startTestApi();
  const { id, answer } = await openCall(api, '/v1/chat/completions', CHAT, {
    'understudy-priority': 'low',
    'understudy-metadata': '{"team":"a"}',
    'understudy-callback-url': 'https://hooks.example.com/',
    'understudy-providers': 'except=backup',
    'understudy-max-cost': '0.25',
  });
  const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
  expect(record?.request).toMatchObject({
    priority: 8,
    metadata: { team: 'a' },
    callback: { url: 'https://hooks.example.com/' },
    providers: { except: ['backup'] },
    max_cost: 0.25,
  });
  const { created_at: from = 0, expires_at: until = 0 } = record?.request ?? {};
  expect(until - from).toBe(600_000);
  await complete(api, id);
  await answer;

  const longer = await openCall(api, '/v1/chat/completions', CHAT, {
    'understudy-expires-in': '2h',
  });
  const [later] = await api.dispatch.store.readRecords([{ project: 'default', id: longer.id }]);
  expect((later?.request.expires_at ?? 0) - (later?.request.created_at ?? 0)).toBe(7_200_000);
  await complete(api, longer.id);
  await longer.answer;
});

test.each([
  ['/v1/chat/completions', { model: 'two-ways', stream: 'yes' }, {}, 400, 'stream'],
  ['/v1/chat/completions', {}, {}, 400, 'model'],
  ['/v1/chat/completions', { model: 'two-wais' }, {}, 404, 'model'],
  ['/v1/chat/completions', CHAT, { 'understudy-expires-in': 'soon' }, 400, 'Understudy-Expires-In'],
  [
    '/v1/chat/completions',
    CHAT,
    { 'understudy-providers': 'only=mian' },
    400,
    'Understudy-Providers',
  ],
  [
    '/v1/chat/completions',
    CHAT,
    { 'understudy-callback-url': 'http://169.254.1.1/' },
    400,
    'Understudy-Callback-Url',
  ],
  [
    '/v1/responses',
    { model: 'two-ways', previous_response_id: 'resp_x' },
    {},
    400,
    'previous_response_id',
  ],
])(
  '%s with %j and the headers %j is a plain error, %i, that names the %s',
  async (path, body, headers, status, param) => {
    const api = await startTestApi();
    for (const stream of [{}, { stream: true }]) {
      const response = await post(api, path, { ...stream, ...body }, headers);
      expect(response.status).toBe(status);
      const problem = problemSchema.parse(await response.json());
      expect(problem.error.param).toBe(param);
      expect(response.headers.get('location')).toBeNull();
    }
  },
);

test('a job that a provider refused for good answers with its status and error, not to be retried', async () => {
  const api = await startTestApi();
  const { id, answer } = await openCall(api, '/v1/chat/completions', CHAT);
  const body = { error: { message: 'too long', type: 'invalid_request_error', param: 'messages' } };
  await fail(api, id, {
    provider: 'main',
    status_code: 400,
    provider_error: {
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
      message: 'too long',
      body: JSON.stringify(body),
    },
  });
  const response = await answer;
  expect(response.status).toBe(400);
  expect(response.headers.get('x-should-retry')).toBe('false');
  expect(response.headers.get('location')).toBe(`/v1/jobs/${id}`);
  expect(problemSchema.parse(await response.json()).error).toEqual({
    message: 'too long',
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    param: 'messages',
  });
});

test("the same on Anthropic's path has Anthropic's envelope, whoever the provider was", async () => {
  const api = await startTestApi();
  const { id, answer } = await openCall(api, '/anthropic/v1/messages', MESSAGE);
  await fail(api, id, {
    status_code: 429,
    provider_error: { type: 'insufficient_quota', message: 'no quota is left' },
  });
  const response = await answer;
  expect(response.status).toBe(429);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('x-should-retry')).toBe('false');
  const error = anthropicErrorSchema.strict().parse(await response.json());
  expect(error).toEqual({
    type: 'error',
    error: { type: 'rate_limit_error', message: 'no quota is left' },
    request_id: response.headers.get('request-id'),
  });
});

test.each([
  ['failed without an HTTP cause', 502, 'no_target_left', 'api_error'],
  ['failed by an error inside a good answer', 502, 'no_target_left', 'api_error'],
  ['has expired', 504, 'expired', 'timeout_error'],
  ['was cancelled', 409, 'cancelled', 'conflict_error'],
])('a job that %s, waited for on either surface, answers %i', async (how, status, code, type) => {
  const api = await startTestApi();
  const end = async (id: string): Promise<void> => {
    const job = { project: 'default', id };
    if (how === 'has expired') await endJob(api.dispatch, job, 'expired');
    else if (how === 'was cancelled') await api.call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
    else await fail(api, id, how.includes('inside') ? { status_code: 200 } : {});
  };
  const openai = await openCall(api, '/openai/v1/chat/completions', CHAT);
  await end(openai.id);
  const problem = await openai.answer;
  expect(problem.status).toBe(status);
  expect(problem.headers.get('x-should-retry')).toBe('false');
  expect(problemSchema.parse(await problem.json()).error.code).toBe(code);

  const anthropic = await openCall(api, '/anthropic/v1/messages', MESSAGE);
  await end(anthropic.id);
  const error = await anthropic.answer;
  expect(error.status).toBe(status);
  expect(anthropicErrorSchema.parse(await error.json()).error.type).toBe(type);
});

test.each(['untranslatable', 'dialect_unsupported', 'image_unreachable', 'lossy'])(
  'a call whose body no target could be sent (%s) is the caller’s to mend: 400 on either surface',
  async (rule) => {
    const api = await startTestApi();
    const provider_error = { message: 'messages is not carried: it is missing' };
    const openai = await openCall(api, '/v1/chat/completions', CHAT);
    await fail(api, openai.id, { rule, provider_error });
    const problem = await openai.answer;
    expect([problem.status, problem.headers.get('x-should-retry')]).toEqual([400, 'false']);
    expect(problemSchema.parse(await problem.json()).error).toMatchObject({
      type: 'invalid_request_error',
      message: 'messages is not carried: it is missing',
    });

    const anthropic = await openCall(api, '/anthropic/v1/messages', MESSAGE);
    await fail(api, anthropic.id, { rule, provider_error });
    const error = await anthropic.answer;
    expect(error.status).toBe(400);
    expect(anthropicErrorSchema.parse(await error.json()).error.type).toBe('invalid_request_error');
  },
);

test('a provider that answered decides, though another could not be sent the body', async () => {
  const api = await startTestApi();
  const { id, answer } = await openCall(api, '/v1/chat/completions', CHAT);
  await fail(api, id, { rule: 'lossy', status_code: 503 });
  expect((await answer).status).toBe(503);
});

test('who would rather not wait gets the job, which then lives as long as any other', async () => {
  const api = await startTestApi();
  const response = await post(api, '/v1/chat/completions', CHAT, { prefer: 'respond-async' });
  expect(response.status).toBe(202);
  expect(response.headers.get('preference-applied')).toBe('respond-async');
  const job = jobSchema.parse(await response.json());
  expect(response.headers.get('location')).toBe(`/v1/jobs/${job.id}`);
  expect(Date.parse(job.expires_at) - Date.parse(job.created_at)).toBe(86_400_000);

  const late = await post(api, '/anthropic/v1/messages', MESSAGE, {
    prefer: 'respond-async, wait=1',
  });
  expect([late.status, late.headers.get('preference-applied')]).toEqual([
    202,
    'respond-async, wait=1',
  ]);
  const inTime = await openCall(api, '/v1/chat/completions', CHAT, {
    prefer: 'respond-async, wait=50',
  });
  await complete(api, inTime.id, ANSWER);
  const answered = await inTime.answer;
  expect([answered.status, answered.headers.get('preference-applied')]).toEqual([200, 'wait=50']);
  expect(await answered.text()).toBe(ANSWER);
});

test('a call whose time is over answers 504, is not to be repeated, and its job goes on', async () => {
  const api = await startTestApi({
    configuration: `
providers: { main: { kind: openai, apiKey: unused } }
routes: { two-ways: { targets: [ { provider: main, model: gpt-4o } ] } }
defaults: { waitTimeout: 1s }
`,
  });
  const { id, answer } = await openCall(api, '/v1/chat/completions', CHAT, {
    'understudy-expires-in': '1h',
  });
  const response = await answer;
  expect([response.status, response.headers.get('x-should-retry')]).toEqual([504, 'false']);
  expect(problemSchema.parse(await response.json()).detail).toContain(`/v1/jobs/${id}`);
  const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
  expect(record?.status).toBe('queued');
});

test('a client that hangs up leaves its job running, and a repeat waits for the same one', async () => {
  const api = await startTestApi();
  const hangUp = new AbortController();
  const headers = { 'idempotency-key': 'the same' };
  const first = await openCall(api, '/v1/chat/completions', CHAT, headers, hangUp.signal);
  hangUp.abort();
  await expect(first.answer).rejects.toThrow('aborted');
  await expect.poll(() => api.parts.longPolls.waiting()).toBe(0);
  const id = jobIdOfKey('default', 'the same');
  const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
  expect(record?.status).toBe('queued');

  const second = await openCall(api, '/v1/chat/completions', CHAT, headers);
  await complete(api, id, ANSWER);
  const response = await second.answer;
  expect(response.headers.get('idempotency-replayed')).toBe('true');
  expect(await response.text()).toBe(ANSWER);
  const replay = await post(api, '/v1/chat/completions', CHAT, headers);
  expect(await replay.text()).toBe(ANSWER);
  const other = await post(api, '/v1/chat/completions', { ...CHAT, n: 2 }, headers);
  expect([other.status, other.headers.get('x-should-retry')]).toEqual([422, 'false']);
});

test('calls that wait are let go when the service stops, to come back for the same job', async () => {
  const api = await startTestApi();
  const calls = [
    await openCall(api, '/v1/chat/completions', CHAT),
    await openCall(api, '/anthropic/v1/messages', MESSAGE),
  ];
  await api.app.close();
  const [openai, anthropic] = await Promise.all(calls.map(({ answer }) => answer));
  for (const [index, response] of [openai, anthropic].entries()) {
    expect(response?.status).toBe(503);
    expect(response?.headers.get('retry-after')).toBe('1');
    expect(response?.headers.get('x-should-retry')).toBe('true');
    expect(response?.headers.get('location')).toBe(`/v1/jobs/${calls[index]?.id}`);
  }
  expect(problemSchema.parse(await openai?.json()).error.code).toBe('unavailable');
  expect(anthropicErrorSchema.parse(await anthropic?.json()).error.type).toBe('api_error');
});

test('a waiting connection may be silent for longer than others', async () => {
  const api = await startTestApi();
  const silences: (number | undefined)[] = [];
  api.app.server.on('connection', (socket) => {
    const set = socket.setTimeout.bind(socket);
    socket.setTimeout = (timeoutMs, callback) => {
      silences.push(timeoutMs);
      return set(timeoutMs, callback);
    };
  });
  const { id, answer } = await openCall(api, '/v1/chat/completions', CHAT);
  expect(silences).toContain(675_000);
  await complete(api, id);
  await (await answer).text();
  await (await api.call('/v1/models')).text();
  // The next request on the connection has the usual silence again.
  expect(silences.at(-1)).toBeLessThanOrEqual(75_000);
});
