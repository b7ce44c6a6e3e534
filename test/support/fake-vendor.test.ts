import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFakeVendor, type FakeVendor } from './fake-vendor.ts';
import * as vendorErrors from './fake-vendor-errors.ts';
import { bigAnswer, redirectTo } from './fake-vendor-reply.ts';

let vendor: FakeVendor;
beforeEach(async () => {
  vendor = await startFakeVendor();
});
afterEach(() => vendor.close());

const CHAT = '/v1/chat/completions';

function post(path: string, body: object = { model: 'm', messages: [] }, more: RequestInit = {}) {
  return fetch(vendor.url + path, { method: 'POST', body: JSON.stringify(body), ...more });
}

async function statusOf(model: string): Promise<number> {
  return (await post(CHAT, { model })).status;
}

test.each([
  ['/openai/v1/chat/completions', { object: 'chat.completion', model: 'm' }, 'x-request-id'],
  ['/v1/responses', { object: 'response', model: 'm' }, 'x-request-id'],
  ['/v1/messages', { type: 'message', model: 'm' }, 'request-id'],
  ['/v1/embeddings', { object: 'list', model: 'm' }, 'x-request-id'],
  ['/serving-endpoints/anthropic/v1/messages', { type: 'message', model: 'm' }, 'x-request-id'],
  ['/serving-endpoints/chat/completions', { object: 'chat.completion' }, 'x-request-id'],
  ['/ai-gateway/openai/v1/responses', { object: 'response' }, 'x-request-id'],
])('%s is answered well in its dialect', async (path, body, requestIdHeader) => {
  const response = await post(path);
  expect(response.headers.get(requestIdHeader)).toBeTruthy();
  expect(await response.json()).toMatchObject({ ...body, usage: expect.anything() });
});

test('at Vertex the model is read from the path', async () => {
  const path =
    '/v1/projects/p/locations/l/publishers/anthropic/models/claude-x%4020250514:rawPredict';
  expect(await (await post(path, {})).json()).toMatchObject({ model: 'claude-x-20250514' });
  expect(vendor.calls[0]?.model).toBe('claude-x@20250514');
});

test('a call is on record with method, path, headers and body as sent', async () => {
  await post(`${CHAT}?a=1`, { model: 'm', messages: ['ü'] }, { headers: { 'x-test': 'yes' } });
  const [call] = await vendor.waitForCalls(1);
  expect(call).toMatchObject({
    number: 1,
    method: 'POST',
    path: CHAT,
    query: 'a=1',
    model: 'm',
    headers: { 'x-test': 'yes' },
    body: '{"model":"m","messages":["ü"]}',
  });
  expect(await call?.ended).toBe('answered');
});

test('a list of replies is used once each, then calls are answered well', async () => {
  vendor.onCall(CHAT, [vendorErrors.openai.modelNotFound, vendorErrors.openai.rateLimitExceeded]);
  const first = await post(CHAT);
  expect([first.status, await first.json()]).toMatchObject([
    404,
    { error: { code: 'model_not_found' } },
  ]);
  const second = await post(CHAT);
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, '1']);
  expect((await post(CHAT)).status).toBe(200);
});

test('replies go by model, by function and by the newest script, until taken back', async () => {
  vendor.onCall({ model: /^bad/ }, { status: 503, body: {} });
  const restore = vendor.onCall({ model: 'bad-1' }, (_call, matched) => ({
    status: 500 + matched,
    body: '',
  }));
  expect(await statusOf('bad-1')).toBe(501);
  expect(await statusOf('bad-1')).toBe(502);
  expect(await statusOf('bad-2')).toBe(503);
  restore();
  expect(await statusOf('bad-1')).toBe(503);
  vendor.reset();
  expect(await statusOf('bad-1')).toBe(200);
  expect(vendor.calls).toHaveLength(1);
});

test('a delayed reply comes no earlier than told', async () => {
  vendor.onCall(CHAT, { delayMs: 80 });
  const startedAt = performance.now();
  await post(CHAT);
  // A timer may fire within the millisecond before.
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(79);
});

test('a client that hangs up on a call without an answer is on record', async () => {
  vendor.onCall(CHAT, { answer: 'never' });
  const abort = new AbortController();
  const answer = post(CHAT, {}, { signal: abort.signal });
  const [call] = await vendor.waitForCalls(1);
  expect(vendor.open).toEqual({ now: 1, most: 1 });
  abort.abort();
  await expect(answer).rejects.toThrow('aborted');
  expect(await call?.ended).toBe('closed-by-client');
  expect(call?.closedByClient).toBe(true);
  expect(vendor.open.now).toBe(0);
});

test('a client that hangs up in the middle of slow pieces harms nobody else', async () => {
  vendor.onCall(
    { model: 'slow' },
    { text: 'x'.repeat(100_000), pieces: { count: 100, pauseMs: 5 } },
  );
  const abort = new AbortController();
  const response = await post(CHAT, { model: 'slow' }, { signal: abort.signal });
  const reader = response.body?.getReader();
  await reader?.read();
  abort.abort();
  await expect(reader?.closed).rejects.toThrow('aborted');
  expect(await vendor.calls[0]?.ended).toBe('closed-by-client');
  expect(await statusOf('m')).toBe(200);
});

test('a connection is cut at once, or after half of the body', async () => {
  vendor.onCall(CHAT, [{ close: 'at-once' }, { close: 'after-half-body' }]);
  await expect(post(CHAT)).rejects.toThrow('fetch failed');
  const half = await post(CHAT);
  expect(half.status).toBe(200);
  await expect(half.text()).rejects.toThrow('terminated');
  expect(await Promise.all(vendor.calls.map((call) => call.ended))).toEqual([
    'closed-by-vendor',
    'closed-by-vendor',
  ]);
});

test('a body comes whole in slow pieces, and at 10 MB', async () => {
  vendor.onCall(CHAT, [{ pieces: { count: 4, pauseMs: 5 } }, bigAnswer()]);
  expect(await (await post(CHAT)).json()).toMatchObject({ object: 'chat.completion' });
  expect((await (await post(CHAT)).text()).length).toBeGreaterThan(10 * 1024 * 1024);
});

test('a redirect names its place and has no body', async () => {
  vendor.onCall(CHAT, redirectTo('http://elsewhere.test/'));
  const response = await post(CHAT, {}, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([
    307,
    'http://elsewhere.test/',
  ]);
});

test('waiting for calls that never come fails and says how many came', async () => {
  await post(CHAT);
  await expect(vendor.waitForCalls(2, { timeoutMs: 20 })).rejects.toThrow('1 of 2 calls in 20 ms');
});

test('after an outage the vendor comes back at the same port', async () => {
  await vendor.close();
  await expect(post(CHAT)).rejects.toThrow('fetch failed');
  vendor = await startFakeVendor({ port: vendor.port });
  expect((await post(CHAT)).status).toBe(200);
});

test('each vendor error arrives byte for byte, with its status and headers', async () => {
  const errors = Object.values(vendorErrors).flatMap((vendorGroup) => Object.values(vendorGroup));
  expect(errors.length).toBeGreaterThan(50);
  vendor.onCall(CHAT, errors);
  for (const error of errors) {
    const response = await post(CHAT);
    expect(response.status).toBe(error.status);
    expect(Object.fromEntries(response.headers)).toMatchObject(error.headers);
    const wanted = typeof error.body === 'string' ? error.body : JSON.stringify(error.body);
    expect(await response.text()).toBe(wanted);
  }
});
