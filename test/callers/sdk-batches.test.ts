import { createOpenAI } from '@ai-sdk/openai';
import {
  experimental_cancelBatch as cancelBatch,
  experimental_getBatchResults as getBatchResults,
  experimental_getBatchStatus as getBatchStatus,
  experimental_listBatches as listBatches,
  experimental_startBatch as startBatch,
} from 'ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fileBatchSdks, messageBatchSdks } from '../support/batch-sdks.ts';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const WAIT = { timeout: 60_000, interval: 200 };

let vendor: FakeVendor;
let receiver: WebhookReceiver;
let broker: Broker;

beforeAll(async () => {
  [vendor, receiver] = await Promise.all([startFakeVendor(), startWebhookReceiver()]);
  broker = await startBroker({
    kinds: ['openai-compatible', 'openai', 'anthropic'],
    services: ['batch-runner', 'webhook-deliverer'],
    configuration: `
providers:
  first: { kind: openai-compatible, baseUrl: "${vendor.url}/first/v1", apiKey: "first-test-key" }
  second: { kind: openai-compatible, baseUrl: "${vendor.url}/second/v1", apiKey: "second-test-key" }
  openai: { kind: openai, baseUrl: "${vendor.url}/openai/v1", apiKey: "openai-test-key" }
  claude: { kind: anthropic, baseUrl: "${vendor.url}/claude", apiKey: "claude-test-key" }
  claude-too: { kind: anthropic, baseUrl: "${vendor.url}/claude-too", apiKey: "claude-test-key" }
routes:
  chat: { targets: [ { provider: first, model: model-a }, { provider: second, model: model-b } ] }
  respond: { targets: [ { provider: openai, model: gpt-5.5 } ] }
  opus: { targets: [ { provider: claude, model: claude-opus-4-7 }, { provider: claude-too, model: claude-opus-4-7 } ] }
outbound: { allow: [ "127.0.0.1:${receiver.port}" ] }
webhooks: { retries: [ 0s, 100ms, 200ms ] }
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await Promise.all([vendor.close(), receiver.close()]);
});
beforeEach(() => vendor.reset());

/** The first of two providers does not know the model. */
function closeFirst(path: RegExp): void {
  const missing = { status: 404, body: { error: { message: 'no such model', type: 'error' } } };
  vendor.onCall(path, missing);
}

function chatLine(id: string, more: Record<string, unknown> = {}): string {
  const body = { model: 'chat', messages: [{ role: 'user', content: `Question ${id}` }], ...more };
  return `${JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body })}\n`;
}

function inputFile(...lines: string[]): File {
  return new File(lines, 'input.jsonl');
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

function batchOf(input = '') {
  return {
    input_file_id: input,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  } as const;
}

function messageRequest(id: string, model = 'opus') {
  const messages = [{ role: 'user' as const, content: id }];
  return { custom_id: id, params: { model, max_tokens: 50, messages } };
}

function textRequest(id: string) {
  return { id, type: 'text', model: 'respond', prompt: id } as const;
}

function webhookClient(): OpenAI {
  const baseURL = `${broker.url}/v1`;
  return new OpenAI({ baseURL, apiKey: broker.apiKey, webhookSecret: SECRET });
}

async function registerEndpoint(path: string, events: string[]): Promise<void> {
  const response = await broker.request('/v1/webhooks/endpoints', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: `${receiver.url}${path}`, events, secret: SECRET }),
  });
  expect(response.status).toBe(201);
}

interface ResultLine {
  custom_id: string;
  response: { status_code: number; body: Record<string, unknown> } | null;
  error: { code: string } | null;
}

async function linesOf(content: Response): Promise<ResultLine[]> {
  const text = await content.text();
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line): ResultLine => JSON.parse(line));
}

describe.each(fileBatchSdks)('%s', (_name, connect) => {
  const client = () => connect(broker.url, broker.apiKey);
  test('runs a batch over a file, with fall-through and a line that no route leads to', async () => {
    closeFirst(/^\/first\//);
    const { files, batches } = client();
    const ids = Array.from({ length: 20 }, (_, number) => `line-${number}`);
    const lines = ids.map((id) => chatLine(id, id === 'line-7' ? { model: 'nobody-knows' } : {}));
    const input = await files.create({ file: inputFile(...lines), purpose: 'batch' });
    const { id, status } = await batches.create(batchOf(input.id));
    expect(status).toBe('validating');
    await expect.poll(async () => (await batches.retrieve(id)).status, WAIT).toBe('completed');
    const batch = await batches.retrieve(id);
    expect(batch.request_counts).toMatchObject({ total: 20, completed: 19, failed: 1 });
    const output = await linesOf(await files.content(batch.output_file_id ?? ''));
    expect(output.map((line) => line.custom_id)).toEqual(ids.filter((line) => line !== 'line-7'));
    expect(output[0]?.response).toMatchObject({
      status_code: 200,
      body: { choices: [{ message: { role: 'assistant' } }] },
    });
    const errors = await linesOf(await files.content(batch.error_file_id ?? ''));
    expect(errors).toMatchObject([{ custom_id: 'line-7', response: { status_code: 404 } }]);
    expect((await batches.list()).data.map((one) => one.id)).toContain(id);
    expect(await files.delete(input.id ?? '')).toMatchObject({ deleted: true });
  });

  test('cancels a batch, which keeps what was answered', async () => {
    vendor.onCall(/^\//, { answer: 'never' });
    const { files, batches } = client();
    const lines = ['a', 'b', 'c'].map((id) => chatLine(id));
    const input = await files.create({ file: inputFile(...lines), purpose: 'batch' });
    const { id } = await batches.create(batchOf(input.id));
    await vendor.waitForCalls(3);
    expect((await batches.cancel(id)).status).toMatch(/^cancell(?:ing|ed)$/);
    await expect.poll(async () => (await batches.retrieve(id)).status, WAIT).toBe('cancelled');
    const { error_file_id: errorFile } = await batches.retrieve(id);
    const errors = await linesOf(await files.content(errorFile ?? ''));
    expect(errors.map(({ error }) => error?.code)).toEqual(Array(3).fill('batch_cancelled'));
  });

  test('hears later what is wrong with an input', async () => {
    const { files, batches } = client();
    const file = inputFile(chatLine('a'), 'no JSON\n', chatLine('a'));
    const input = await files.create({ file, purpose: 'batch' });
    const { id } = await batches.create(batchOf(input.id));
    await expect.poll(async () => (await batches.retrieve(id)).status, WAIT).toBe('failed');
    const { errors } = await batches.retrieve(id);
    expect(errors?.data).toMatchObject([
      { code: 'invalid_json_line', line: 2 },
      { code: 'duplicate_custom_id', line: 3 },
    ]);
  });
});

describe.each(messageBatchSdks)('%s', (_name, connect) => {
  const client = () => connect(broker.url, broker.apiKey).messages.batches;
  test('runs a message batch and reads its results', async () => {
    closeFirst(/^\/claude\//);
    const batches = client();
    const requests = [
      messageRequest('a'),
      messageRequest('b', 'nobody-knows'),
      messageRequest('c'),
    ];
    const created = await batches.create({ requests });
    expect(created).toMatchObject({
      processing_status: 'in_progress',
      request_counts: { processing: 3, succeeded: 0 },
    });
    const { id } = created;
    const status = async () => (await batches.retrieve(id)).processing_status;
    await expect.poll(status, WAIT).toBe('ended');
    expect((await batches.retrieve(id)).request_counts).toEqual({
      processing: 0,
      succeeded: 2,
      errored: 1,
      canceled: 0,
      expired: 0,
    });
    const results = await all(await batches.results(id));
    expect(results).toMatchObject([
      { custom_id: 'a', result: { type: 'succeeded', message: { type: 'message' } } },
      {
        custom_id: 'b',
        result: { type: 'errored', error: { type: 'error', error: { type: 'not_found_error' } } },
      },
      { custom_id: 'c', result: { type: 'succeeded' } },
    ]);
    expect((await batches.list()).data.map((one) => one.id)).toContain(id);
    await expect.poll(async () => (await batches.delete(id)).id, WAIT).toBe(id);
    await expect(batches.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });

  test('cancels a message batch', async () => {
    vendor.onCall(/^\//, { answer: 'never' });
    const batches = client();
    const { id } = await batches.create({ requests: [messageRequest('a'), messageRequest('b')] });
    await vendor.waitForCalls(2);
    expect((await batches.cancel(id)).processing_status).toMatch(/^(?:canceling|ended)$/);
    const status = async () => (await batches.retrieve(id)).processing_status;
    await expect.poll(status, WAIT).toBe('ended');
    const results = await all(await batches.results(id));
    expect(results.map(({ result }) => result.type)).toEqual(['canceled', 'canceled']);
  });
});

test('the AI SDK runs a batch of Responses', async () => {
  const provider = createOpenAI({ baseURL: `${broker.url}/v1`, apiKey: broker.apiKey });
  const batch = await startBatch({ provider, requests: [textRequest('a'), textRequest('b')] });
  const status = async () => (await getBatchStatus({ provider, batch })).status;
  await expect.poll(status, WAIT).toBe('completed');
  const results = await all(getBatchResults({ provider, batch }));
  expect(results).toMatchObject([
    { id: 'a', status: 'succeeded', text: expect.stringMatching(/./) },
    { id: 'b', status: 'succeeded' },
  ]);
  const { batches } = await listBatches({ provider });
  expect(batches.map(({ id }) => id)).toContain(batch.id);

  vendor.onCall(/^\//, { answer: 'never' });
  const second = await startBatch({ provider, requests: [textRequest('c')] });
  await cancelBatch({ provider, batch: second });
  // It knows no cancelled batch: to it one that did not complete has failed.
  const ended = async () => (await getBatchStatus({ provider, batch: second })).rawStatus;
  await expect.poll(ended, WAIT).toBe('cancelled');
  const [cancelled] = await all(getBatchResults({ provider, batch: second }));
  expect(cancelled).toMatchObject({ id: 'c', status: 'cancelled' });
});

describe('webhooks.unwrap of openai', () => {
  test('takes the end of a batch', async () => {
    await registerEndpoint('/batches', ['batch.completed']);
    const client = webhookClient();
    const input = await client.files.create({ file: inputFile(chatLine('a')), purpose: 'batch' });
    const batch = await client.batches.create(batchOf(input.id));
    const [delivery] = await receiver.waitFor('/batches', 1, 60_000);
    const event = await client.webhooks.unwrap(delivery?.body ?? '', delivery?.headers ?? {});
    expect(event).toMatchObject({
      id: delivery?.id,
      object: 'event',
      type: 'batch.completed',
      created_at: expect.any(Number),
      data: { id: batch.id, status: 'completed', request_counts: { total: 1, completed: 1 } },
    });
  });

  test('takes the end of a background Response', async () => {
    await registerEndpoint('/responses', ['response.completed']);
    const client = webhookClient();
    const created = await client.responses.create({
      model: 'respond',
      input: 'Hello',
      background: true,
    });
    const [delivery] = await receiver.waitFor('/responses', 1, 60_000);
    const event = await client.webhooks.unwrap(delivery?.body ?? '', delivery?.headers ?? {});
    expect(event).toEqual({
      id: delivery?.id,
      object: 'event',
      type: 'response.completed',
      created_at: expect.any(Number),
      data: { id: created.id },
    });
  });
});

test('the end of a batch stands in the stream of events', async () => {
  const client = new OpenAI({ baseURL: `${broker.url}/v1`, apiKey: broker.apiKey });
  const input = await client.files.create({ file: inputFile(chatLine('a')), purpose: 'batch' });
  const { id } = await client.batches.create(batchOf(input.id));
  const stop = new AbortController();
  const path = '/v1/events?after=0&types=batch.completed,batch.failed';
  const stream = await broker.request(path, { signal: stop.signal });
  let heard = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream.body ?? []) {
    heard += decoder.decode(chunk, { stream: true });
    if (heard.includes(`"id":"${id}"`)) break;
  }
  stop.abort();
  expect(heard).toContain('event: batch.completed');
  expect(heard).toContain(`"links":{"self":"/v1/batches/${id}"}`);
});
