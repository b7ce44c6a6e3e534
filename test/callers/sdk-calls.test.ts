import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import {
  anthropic as anthropicErrors,
  openai as openAiErrors,
} from '../support/fake-vendor-errors.ts';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { anthropicSdks, openAiSdks } from '../support/sdk-clients.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['openai-compatible', 'openai', 'anthropic'],
    configuration: `
providers:
  first: { kind: openai-compatible, baseUrl: "${vendor.url}/first/v1", apiKey: "first-test-key" }
  second: { kind: openai-compatible, baseUrl: "${vendor.url}/second/v1", apiKey: "second-test-key" }
  openai: { kind: openai, baseUrl: "${vendor.url}/openai/v1", apiKey: "openai-test-key" }
  claude: { kind: anthropic, baseUrl: "${vendor.url}/claude", apiKey: "claude-test-key" }
  claude-too: { kind: anthropic, baseUrl: "${vendor.url}/claude-too", apiKey: "claude-test-key" }
routes:
  chat:
    targets: [ { provider: first, model: model-a }, { provider: second, model: model-b } ]
  respond:
    targets: [ { provider: openai, model: gpt-5.5 } ]
  embed:
    targets: [ { provider: openai, model: text-embedding-3-small } ]
  opus:
    targets: [ { provider: claude, model: claude-opus-4-7 }, { provider: claude-too, model: claude-opus-4-7 } ]
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});
beforeEach(() => vendor.reset());

const asking = (content: string) => [{ role: 'user' as const, content }];
const messages = asking('Hello');
const chat = { model: 'chat', messages };
const message = { model: 'opus', max_tokens: 100, messages };
const refused = { status: 404, body: { error: { message: 'no such model', type: 'error' } } };
/** Longer than the head of a stream is held back. */
const SLOW_MS = 2500;

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** The error that a call rejects with. */
async function rejection(call: PromiseLike<unknown>): Promise<Record<string, unknown>> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return Object.assign(error);
  }
  throw new Error('the call did not reject with an error');
}

describe.each(openAiSdks)('%s', (_name, connect) => {
  const client = (prefix = '/v1', url = broker.url, maxRetries = 2) =>
    connect({ baseURL: `${url}${prefix}`, apiKey: broker.apiKey, maxRetries });

  test.each(['/v1', '/openai/v1'])(
    'a chat completion at %s falls through to an answer',
    async (prefix) => {
      vendor.onCall(/^\/first\//, refused);
      vendor.onCall(/^\/second\//, { text: 'Answered by the second.' });
      const { data, response } = await client(prefix).chat.completions.create(chat).withResponse();
      expect(data.choices[0]?.message.content).toBe('Answered by the second.');
      expect(response.headers.get('understudy-provider')).toBe('second');
      const job = await broker.getJob(response.headers.get('understudy-job') ?? '');
      expect(job.attempts.map(({ provider }) => provider)).toEqual(['first', 'second']);
    },
  );

  test('a Response carries our id, by which a conversation goes on', async () => {
    const openai = client();
    const first = await openai.responses.create({ model: 'respond', input: 'Hello' });
    expect(first.id).toMatch(/^resp_[0-9a-z]{26}$/);
    expect(first.output_text).toContain('Good day');
    await openai.responses.create({
      model: 'respond',
      input: 'And then?',
      previous_response_id: first.id,
    });
    const job = await broker.getJob(first.id.replace('resp_', 'job_'));
    const [sent] = await vendor.waitForCalls(1, {
      match: ({ body }) => body.includes('And then?'),
    });
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({
      previous_response_id: job.attempts[0]?.['provider_response_id'],
    });
  });

  test('embeddings and models are read', async () => {
    const openai = client('/openai/v1');
    const { data } = await openai.embeddings.create({ model: 'embed', input: 'Hello' });
    expect(data[0]?.embedding.length).toBeGreaterThan(0);
    const names: string[] = [];
    for await (const { id } of await openai.models.list()) names.push(id);
    expect(names).toEqual(expect.arrayContaining(['chat', 'opus', 'respond']));
    expect(await openai.models.retrieve('chat')).toMatchObject({ id: 'chat', object: 'model' });
  });

  test('streams are whole, also of an answer that takes its time', async () => {
    const openai = client();
    vendor.onCall(/chat\/completions$/, { text: 'A streamed answer. 🙂', delayMs: SLOW_MS });
    const completion = await openai.chat.completions.stream(chat).finalChatCompletion();
    expect(completion.choices[0]?.message.content).toBe('A streamed answer. 🙂');
    vendor.onCall(/responses$/, { text: 'A streamed response.' });
    const response = await openai.responses
      .stream({ model: 'respond', input: 'Hello' })
      .finalResponse();
    expect(response.output_text).toBe('A streamed response.');
    expect(response.id).toMatch(/^resp_[0-9a-z]{26}$/);
  });

  test('what a provider refuses is the error that the vendor would give, and is not repeated', async () => {
    vendor.onCall(() => true, openAiErrors.contextLengthExceeded);
    for (const call of [
      () => client().chat.completions.create(chat),
      () => client().chat.completions.stream(chat).finalChatCompletion(),
    ]) {
      vendor.calls.length = 0;
      const error = await rejection(call());
      expect(error).toMatchObject({
        status: 400,
        code: 'context_length_exceeded',
        param: 'messages',
        type: 'invalid_request_error',
        requestID: expect.stringMatching(/^req_/),
      });
      expect(vendor.calls.length).toBe(1);
    }
  });

  test('a refusal that comes after the stream has begun is an error of the stream', async () => {
    vendor.onCall(() => true, { ...openAiErrors.contextLengthExceeded, delayMs: SLOW_MS });
    const error = await rejection(client().chat.completions.stream(chat).finalChatCompletion());
    expect(error['message']).toContain('maximum context length');
  });

  test('an unknown model and an expired job are told as such, and are not repeated', async () => {
    const openai = client();
    const unknown = await rejection(openai.chat.completions.create({ ...chat, model: 'chap' }));
    expect(unknown).toMatchObject({ status: 404, code: 'model_not_found' });
    vendor.onCall(() => true, { answer: 'never' });
    const headers = { 'Understudy-Expires-In': '1s' };
    const expired = await rejection(openai.chat.completions.create(chat, { headers }));
    expect(expired).toMatchObject({ status: 504, code: 'expired' });
    expect(vendor.calls.length).toBe(1);
  });

  test.each(['the answer', 'the wait'])(
    'a connection lost in %s costs no second call',
    async (when) => {
      await using proxy = await startCuttingProxy(portOf(broker.url));
      vendor.onCall(() => true, { text: 'Answered once.', delayMs: 500 });
      if (when === 'the answer') proxy.cutNextAnswer();
      const call = client('/v1', proxy.url).chat.completions.create(chat).withResponse();
      if (when === 'the wait') {
        await vendor.waitForCalls(1);
        proxy.cut();
      }
      const { data, response } = await call;
      expect(data.choices[0]?.message.content).toBe('Answered once.');
      expect(response.headers.get('idempotency-replayed')).toBe('true');
      expect(proxy.connections()).toBe(2);
      expect(vendor.calls.length).toBe(1);
    },
  );
});

describe.each(anthropicSdks)('%s', (_name, connect) => {
  const client = (url = broker.url, maxRetries = 2) =>
    connect({ baseURL: `${url}/anthropic`, apiKey: broker.apiKey, maxRetries });

  test('a message falls through to an answer', async () => {
    vendor.onCall(/^\/claude\//, anthropicErrors.permission);
    const { data, response } = await client().messages.create(message).withResponse();
    expect(data.content).toMatchObject([{ type: 'text', text: 'Good day from the fake vendor.' }]);
    expect(response.headers.get('understudy-provider')).toBe('claude-too');
    expect(response.headers.get('request-id')).toMatch(/^req_/);
  });

  test('betas reach Anthropic with the body that needs them', async () => {
    const context_management = { edits: [{ type: 'clear_tool_uses_20250919' as const }] };
    const betas = ['context-management-2025-06-27', 'files-api-2025-04-14'];
    await client().beta.messages.create({ ...message, betas, context_management });
    const [call] = vendor.calls;
    expect(String(call?.headers['anthropic-beta']).split(/, ?/)).toEqual(betas);
    expect(JSON.parse(call?.body ?? '')).toMatchObject({ context_management });
  });

  test('a stream is whole, also of an answer that takes its time', async () => {
    vendor.onCall(() => true, { text: 'A streamed message.', delayMs: SLOW_MS });
    expect(await client().messages.stream(message).finalText()).toBe('A streamed message.');
  });

  test('models are read', async () => {
    const names: string[] = [];
    for await (const { id } of await client().models.list({ limit: 2 })) names.push(id);
    expect(names).toEqual(expect.arrayContaining(['chat', 'opus', 'respond']));
    expect(await client().models.retrieve('opus')).toMatchObject({ display_name: 'opus' });
  });

  test('errors carry the type, the text and the name that the SDK reads', async () => {
    const unknown = await rejection(client().messages.create({ ...message, model: 'opas' }));
    expect(unknown).toMatchObject({
      status: 404,
      requestID: expect.stringMatching(/^req_/),
      error: { type: 'error', error: { type: 'not_found_error' } },
    });
    vendor.onCall(() => true, {
      status: 400,
      body: {
        type: 'error',
        error: { type: 'invalid_request_error', message: 'max_tokens: must be positive' },
      },
    });
    for (const call of [
      () => client().messages.create(message),
      () => client().messages.stream(message).finalText(),
    ]) {
      vendor.calls.length = 0;
      expect(await rejection(call())).toMatchObject({
        status: 400,
        error: {
          error: { type: 'invalid_request_error', message: 'max_tokens: must be positive' },
        },
      });
      expect(vendor.calls.length).toBe(1);
    }
  });

  test('a connection lost in the answer costs no second call', async () => {
    await using proxy = await startCuttingProxy(portOf(broker.url));
    vendor.onCall(() => true, { text: 'Answered once.', delayMs: 300 });
    proxy.cutNextAnswer();
    const { data, response } = await client(proxy.url).messages.create(message).withResponse();
    expect(data.content).toMatchObject([{ text: 'Answered once.' }]);
    expect(response.headers.get('idempotency-replayed')).toBe('true');
    expect(vendor.calls.length).toBe(1);
  });
});

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'calls that wait while the API meets %s are answered by the next one, each by one call',
  async (signal) => {
    vendor.onCall(() => true, { text: 'Worth waiting for.', delayMs: 3000 });
    const maxRetries = 10;
    // Every prompt is another: retries of equal ones would be answered by the newest of their jobs.
    const openAi = openAiSdks.map(([name, connect]) =>
      connect({ baseURL: `${broker.url}/v1`, apiKey: broker.apiKey, maxRetries })
        .chat.completions.create({ ...chat, messages: asking(name) })
        .withResponse(),
    );
    const anthropic = anthropicSdks.map(([name, connect]) =>
      connect({ baseURL: `${broker.url}/anthropic`, apiKey: broker.apiKey, maxRetries })
        .messages.create({ ...message, messages: asking(name) })
        .withResponse(),
    );
    await vendor.waitForCalls(4);
    const api = broker.services.get('api');
    api?.kill(signal);
    await api?.ended;
    await broker.startService('api');
    const answers = await Promise.all([...openAi, ...anthropic]);
    for (const { data, response } of answers) {
      expect(JSON.stringify(data)).toContain('Worth waiting for.');
      expect(response.headers.get('idempotency-replayed')).toBe('true');
    }
    expect(new Set(answers.map(({ response }) => response.headers.get('location'))).size).toBe(4);
    expect(vendor.calls.length).toBe(4);
  },
);
