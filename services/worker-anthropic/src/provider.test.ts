import { canonicalName } from '@understudy/models';
import {
  callProvider,
  createDispatcher,
  editTopLevel,
  evaluateBody,
  type SurfaceNeeds,
} from '@understudy/provider';
import {
  describeProvider,
  providerSettings,
  startRecordingProvider,
} from '@understudy/provider/testing';
import { expect, test } from 'vitest';
import { acceptedNames, modelNames, retiredSince } from './model-names.ts';
import { anthropic } from './provider.ts';

describeProvider(anthropic, {
  settings: (origin) => ({ baseUrl: origin, apiKey: 'sk-ant-tested-key' }),
  secret: 'sk-ant-tested-key',
  headers: { 'x-api-key': 'sk-ant-tested-key', 'anthropic-version': '2023-06-01' },
  calls: [{ dialect: 'messages', model: 'claude-opus-4-6', path: '/v1/messages' }],
});

function connect(members: { apiKey?: string }): unknown {
  return anthropic.connect(providerSettings('anthropic', members));
}

test('a missing key is named, and one that no header can carry is not quoted', () => {
  expect(() => connect({})).toThrow(/^providers\.tested\.apiKey: missing/);
  expect(() => connect({ apiKey: 'sk-ant\nx' })).toThrow(
    /^providers\.tested\.apiKey: (?!.*sk-ant)/,
  );
});

test('a call that may take longer than ten minutes is streamed, and no other', () => {
  const connection = anthropic.connect(providerSettings('anthropic', { apiKey: 'k' }));
  const surface = (needs: SurfaceNeeds) =>
    connection.surfaces('messages', 'claude-opus-4-6', needs)[0];
  const [plain] = connection.surfaces('messages', 'claude-opus-4-6');

  expect(plain?.streamed).toBeUndefined();
  expect(plain?.edits).toMatchObject({ stream: undefined });
  expect(surface({})).toEqual(plain);
  expect(surface({ maxOutputTokens: 21_333 })).toEqual(plain);
  expect(surface({ maxOutputTokens: 21_334 })).toEqual({
    ...plain,
    edits: { ...plain?.edits, stream: true },
    streamed: 'server-sent-events',
  });
});

const STREAM = `event: message_start
data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-4-6","content":[],"stop_reason":null,"usage":{"input_tokens":3,"output_tokens":1}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":5}}

event: message_stop
data: {"type":"message_stop"}

`;

test('a long call asks for a stream over HTTP, and gets the answer of a call at once', async () => {
  await using vendor = await startRecordingProvider(STREAM);
  const connection = anthropic.connect(
    providerSettings('anthropic', { apiKey: 'k', baseUrl: vendor.baseUrl }),
  );
  const needs = { maxOutputTokens: 64_000 };
  const [surface] = connection.surfaces('messages', 'claude-opus-4-6', needs);
  if (surface === undefined) throw new Error('No surface.');
  const dispatcher = createDispatcher({ connections: 1 });
  const result = await callProvider({
    url: surface.url,
    headers: { ...surface.headers },
    body: editTopLevel(
      Buffer.from('{"model":"asked","max_tokens":64000,"stream":false}'),
      surface.edits,
    ),
    timeoutMs: 5000,
    signal: new AbortController().signal,
    dispatcher,
  });
  await dispatcher.destroy();
  if (result.kind !== 'answer') throw new Error(`no answer: ${result.kind}`);
  expect(vendor.requests.map(({ body }) => body)).toEqual([
    '{"model":"claude-opus-4-6","max_tokens":64000,"stream":true}',
  ]);
  const { evaluated, body } = evaluateBody(
    surface.streamed,
    'messages',
    result.status,
    result.headers,
    result.body,
  );
  expect(evaluated).toMatchObject({ ok: true, usage: { input_tokens: 3, output_tokens: 5 } });
  expect(JSON.parse(body.toString())).toMatchObject({
    content: [{ type: 'text', text: 'Hello' }],
    stop_reason: 'end_turn',
  });
});

test('betas that a body needs stand in a header beside the version', () => {
  const connection = anthropic.connect(providerSettings('anthropic', { apiKey: 'k' }));
  const betas = ['context-1m-2025-08-07', 'files-api-2025-04-14'];
  expect(connection.surfaces('messages', 'claude-opus-4-6', { betas })[0]?.headers).toEqual({
    'anthropic-version': '2023-06-01',
    'anthropic-beta': 'context-1m-2025-08-07,files-api-2025-04-14',
  });
});

test('betas that the caller asked for stand beside those that a body needs, each once', () => {
  const connection = anthropic.connect(providerSettings('anthropic', { apiKey: 'k' }));
  const askedBetas = ['context-management-2025-06-27', 'files-api-2025-04-14'];
  const needs = { betas: ['files-api-2025-04-14'], askedBetas };
  expect(connection.surfaces('messages', 'claude-opus-4-6', needs)[0]?.headers).toMatchObject({
    'anthropic-beta': 'files-api-2025-04-14,context-management-2025-06-27',
  });
});

test('every name in the tables leads to a model of the catalog', () => {
  for (const canonical of [...Object.keys(modelNames), ...Object.keys(retiredSince)]) {
    expect(canonicalName(canonical)).toBe(canonical);
  }
  expect(acceptedNames.filter((name) => canonicalName(name) === undefined)).toEqual([]);
});
