import { parseSettings, readKindManifests, type TargetSettings } from '@understudy/configuration';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { createSandboxServer } from './sandbox-server.ts';

let app: FastifyInstance;
let url: string;
beforeEach(async () => {
  app = createSandboxServer(() => 0);
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => app.close());

const messages = [
  { role: 'user', content: 'one' },
  { role: 'user', content: 'two' },
];

/** The members that a test reads one by one. */
interface Answer {
  id?: string;
  message?: string;
  data?: { embedding: unknown }[];
}

async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const answer: Answer = JSON.parse(await response.text());
  return { status: response.status, headers: response.headers, body: answer };
}

test('every dialect is answered in its own shape, with usage and the number of inputs', async () => {
  const chat = await post('/openai/v1/chat/completions', { model: 'm', messages });
  expect(chat).toMatchObject({
    status: 200,
    body: {
      object: 'chat.completion',
      model: 'm',
      choices: [{ message: { content: expect.stringMatching(/^\[sandbox\].* 2 input messages/) } }],
      usage: { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) },
    },
  });
  expect(chat.headers.get('x-request-id')).toMatch(/^req_/);
  expect(await post('/openai/v1/responses', { model: 'm', input: 'hello' })).toMatchObject({
    body: {
      object: 'response',
      status: 'completed',
      output: [{ content: [{ text: expect.stringContaining('1 input message ') }] }],
      usage: { input_tokens: expect.any(Number), output_tokens: expect.any(Number) },
    },
  });
  const message = await post(
    '/anthropic/v1/messages',
    { model: 'm', max_tokens: 9, messages },
    { 'anthropic-version': '2023-06-01' },
  );
  expect(message.body).toMatchObject({
    type: 'message',
    stop_reason: 'end_turn',
    content: [{ type: 'text', text: expect.stringContaining('2 input messages') }],
  });
  expect(message.headers.get('request-id')).toMatch(/^req_01/);
});

test('embeddings come one per input, as floats or as base64 of the same floats', async () => {
  const path = '/openai/v1/embeddings';
  const request = { model: 'm', input: ['one', 'two'] };
  const floats = await post(path, request);
  const packed = await post(path, {
    ...request,
    encoding_format: 'base64',
  });
  const [first, second] = (floats.body.data ?? []).map(({ embedding }) => embedding);
  const encoded = packed.body.data?.[1]?.embedding;
  const bytes = Buffer.from(typeof encoded === 'string' ? encoded : '', 'base64');
  expect(second).toEqual([...new Float32Array(new Uint8Array(bytes).buffer)]);
  expect(first).not.toEqual(second);
});

test('a request that lacks what the vendor demands is 400 in the vendor’s shape', async () => {
  expect(await post('/openai/v1/chat/completions', { model: 'm' })).toMatchObject({
    status: 400,
    body: { error: { code: 'missing_required_parameter' } },
  });
  expect(await post('/anthropic/v1/messages', { model: 'm', messages })).toMatchObject({
    status: 400,
    body: { type: 'error', error: { type: 'invalid_request_error' } },
  });
});

test('traffic split: the splitting endpoint refuses, the versions themselves answer', async () => {
  const path = '/ai-gateway/anthropic/v1/messages';
  const call = (model: string, more: object = {}) =>
    post(path, { model, max_tokens: 9, messages, ...more });
  const refusals = [await call('sandbox-split-endpoint'), await call('sandbox-split-endpoint')];
  expect(refusals.map(({ status }) => status)).toEqual([400, 400]);
  expect(refusals[0]?.body.message).toContain('databricks-claude-opus-4-7');
  expect(refusals[1]?.body.message).toContain('databricks-claude-opus-4-6');
  expect(await call('databricks-claude-opus-4-7')).toMatchObject({ status: 200 });
  expect(await call('databricks-claude-opus-4-7', { temperature: 0 })).toMatchObject({
    status: 400,
  });
  expect(await call('databricks-claude-opus-4-6', { temperature: 0 })).toMatchObject({
    status: 200,
  });
});

test('gateway host: 404, then 403 under the serving path; the gateway path answers', async () => {
  const body = { model: 'sandbox-gateway-only', messages };
  const serving = '/serving-endpoints/chat/completions';
  expect(await post(serving, body)).toMatchObject({
    status: 404,
    body: { error_code: 'ENDPOINT_NOT_FOUND' },
  });
  expect(await post(serving, body)).toMatchObject({ status: 403 });
  const gateway = await post('/ai-gateway/mlflow/v1/chat/completions', body);
  expect(gateway).toMatchObject({ status: 200, body: { object: 'chat.completion' } });
});

test('status codes: each model keeps its status, any other goes through them in turn', async () => {
  const path = '/status-codes/v1/chat/completions';
  const statusOf = async (model: string) => (await post(path, { model, messages })).status;
  const turns: number[] = [];
  for (let call = 0; call < 6; call += 1) turns.push(await statusOf('any'));
  expect(turns).toEqual([404, 405, 409, 410, 429, 404]);
  expect(await statusOf('sandbox-status-410')).toBe(410);
  const limited = await post(path, { model: 'sandbox-status-429', messages });
  expect(limited.headers.get('retry-after')).toBe('5');
});

function rawPredict(model: string) {
  return post(
    `/vertex/v1/projects/sandbox/locations/global/publishers/anthropic/models/${model}:rawPredict`,
    { anthropic_version: 'vertex-2023-10-16', max_tokens: 9, messages },
  );
}

test('model names: Vertex knows its own name and not Anthropic’s alias', async () => {
  expect(await rawPredict('claude-sonnet-4-0')).toMatchObject({
    status: 404,
    body: { error: { status: 'NOT_FOUND', message: expect.stringContaining('Publisher Model') } },
  });
  for (const spelling of ['claude-sonnet-4@20250514', 'claude-sonnet-4%4020250514']) {
    const answer = await rawPredict(spelling);
    expect(answer).toMatchObject({ status: 200, body: { model: 'claude-sonnet-4-20250514' } });
    expect(answer.body.id).toMatch(/^msg_vrtx_01/);
  }
});

test('the configuration is accepted, and every address in it is served here', async () => {
  const response = await fetch(`${url}/sandbox/configuration`);
  const settings = parseSettings(await response.text(), {
    environment: {},
    kinds: readKindManifests(new URL('../../', import.meta.url).pathname),
    credentials: 'resolve',
  });
  expect(settings.autoRoutes).toBe(false);
  expect(Object.keys(settings.routes)).toEqual([
    'sandbox-chat',
    'sandbox-split',
    'sandbox-gateway-host',
    'sandbox-status-codes',
    'sandbox-model-names',
  ]);
  const targets = Object.values(settings.routes)
    .flatMap((route): (TargetSettings | { split: TargetSettings[] })[] => route.targets)
    .flatMap((target) => ('split' in target ? target.split : [target]));
  expect(new Set(targets.map((target) => target.provider))).toEqual(
    new Set(Object.keys(settings.providers)),
  );
  for (const provider of Object.values(settings.providers)) {
    expect(provider.name).toMatch(/^sandbox-/);
    expect(provider.baseUrl ?? provider.host).toContain(url);
  }
});
