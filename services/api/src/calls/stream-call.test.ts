import { jobIdOfKey } from '@understudy/submission';
import { expect, test, vi } from 'vitest';
import { complete, fail, startTestApi } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';

const CHAT_ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'gpt-4o',
  choices: [
    { index: 0, message: { role: 'assistant', content: 'Good day.' }, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
});

const CALLS = {
  chat: {
    path: '/v1/chat/completions',
    body: { model: 'two-ways', messages: [{ role: 'user', content: 'hi' }], stream: true },
  },
  responses: {
    path: '/openai/v1/responses',
    body: { model: 'two-ways', input: 'hi', stream: true },
  },
  messages: {
    path: '/anthropic/v1/messages',
    body: {
      model: 'two-ways',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
    },
  },
};

function open(api: TestApi, call: keyof typeof CALLS, more: Record<string, unknown> = {}) {
  const { path, body } = CALLS[call];
  const key = `stream-${Math.random()}`;
  const response = api.call(path, {
    method: 'POST',
    body: { ...body, ...more },
    headers: { 'idempotency-key': key },
  });
  return { id: jobIdOfKey('default', key), response };
}

test('an answer that is soon there comes as a stream of its dialect', async () => {
  const api = await startTestApi();
  const { id, response } = open(api, 'chat', { stream_options: { include_usage: true } });
  await expect.poll(() => api.parts.longPolls.waiting()).toBe(1);
  await complete(api, id, CHAT_ANSWER);
  const stream = await response;
  expect(stream.status).toBe(200);
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(stream.headers.get('location')).toBe(`/v1/jobs/${id}`);
  expect(stream.headers.get('understudy-provider')).toBe('main');
  const text = await stream.text();
  expect(text).toContain('"chat.completion.chunk"');
  expect(text).toContain('"total_tokens":5');
  expect(text.trimEnd()).toMatch(/data: \[DONE\]$/);
});

test('usage is told only to one who asked for it', async () => {
  const api = await startTestApi();
  const { id, response } = open(api, 'chat');
  await expect.poll(() => api.parts.longPolls.waiting()).toBe(1);
  await complete(api, id, CHAT_ANSWER);
  expect(await (await response).text()).not.toContain('total_tokens');
});

test.each([
  ['chat', ': waiting\n\n'],
  ['responses', ': waiting\n\n'],
  ['messages', 'event: ping\ndata: {"type": "ping"}\n\n'],
] as const)('a %s stream is open while its job waits, and says so', async (call, keepAlive) => {
  const api = await startTestApi();
  const logged = vi.spyOn(api.dispatch.logger, 'error');
  const { id, response } = open(api, call);
  const stream = await response;
  expect(stream.status).toBe(200);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe(keepAlive);

  await fail(api, id, { status_code: 400, provider_error: { message: 'this is refused' } });
  let rest = '';
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    rest += part.value;
  }
  expect(rest).toContain('this is refused');
  expect(rest).toContain('"error"');
  expect(logged).not.toHaveBeenCalled();
});

test.each(['chat', 'responses', 'messages'] as const)(
  'a %s call that fails before its stream has begun is a plain error',
  async (call) => {
    const api = await startTestApi();
    const { id, response } = open(api, call);
    await expect.poll(() => api.parts.longPolls.waiting()).toBe(1);
    await fail(api, id, { status_code: 429, provider_error: { message: 'too many' } });
    const plain = await response;
    expect(plain.status).toBe(429);
    expect(plain.headers.get('content-type')).toMatch(/json/);
    expect(plain.headers.get('x-should-retry')).toBe('false');
    expect(await plain.text()).toContain('too many');
  },
);

test('a stream ends with an error event when the service stops, and its job goes on', async () => {
  const api = await startTestApi();
  const { id, response } = open(api, 'messages');
  const stream = await response;
  await api.app.close();
  const text = await stream.text();
  expect(text).toContain('event: error');
  expect(text).toContain('the job goes on');
  const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
  expect(record?.status).toBe('queued');
});

test('what goes wrong on our side once the stream is open stands in the log', async () => {
  const api = await startTestApi();
  const logged = vi.spyOn(api.dispatch.logger, 'error');
  const wait = Promise.withResolvers<undefined>();
  vi.spyOn(api.parts.longPolls, 'waitForEnd').mockReturnValue(wait.promise);
  const stream = await open(api, 'chat').response;
  expect(stream.status).toBe(200);

  const err = new Error('a record that nobody expects');
  wait.reject(err);
  const text = await stream.text();
  expect(text).toContain('something went wrong here');
  expect(text).not.toContain('nobody expects');
  const requestId = stream.headers.get('x-request-id');
  expect(logged.mock.calls).toEqual([[{ err, requestId }, 'a request failed']]);
});
