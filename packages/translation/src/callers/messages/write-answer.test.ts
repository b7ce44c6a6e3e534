import type Anthropic from '@anthropic-ai/sdk';
import type { LanguageModelV4Content, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import type { Usage } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { messages } from './messages.ts';

type Ending = LanguageModelV4GenerateResult['finishReason'];

const STOP: Ending = { unified: 'stop', raw: 'stop' };

function write(
  content: LanguageModelV4Content[],
  finishReason: Ending = STOP,
  usage: Usage = { input_tokens: 10, output_tokens: 5 },
) {
  const unknown = undefined;
  return messages.write(
    {
      content,
      finishReason,
      usage: {
        inputTokens: { total: unknown, noCache: unknown, cacheRead: unknown, cacheWrite: unknown },
        outputTokens: { total: unknown, text: unknown, reasoning: unknown },
      },
      warnings: [],
    },
    { id: '0190', model: 'gpt-5.4', createdAt: 0, usage, request: {} },
  );
}

test("an answer has every member of the SDK's message, and usage without the cache in its input", () => {
  const usage = {
    input_tokens: 1000,
    output_tokens: 50,
    cache_read_tokens: 600,
    cache_write_tokens: 100,
    reasoning_tokens: 20,
  };
  const expected: Anthropic.Message = {
    id: 'msg_0190',
    type: 'message',
    role: 'assistant',
    model: 'gpt-5.4',
    content: [
      { type: 'text', text: 'I look.', citations: null },
      {
        type: 'tool_use',
        id: 'call_1',
        name: 'weather',
        input: { city: 'Rome' },
        caller: { type: 'direct' },
      },
      { type: 'tool_use', id: 'call_2', name: 'noop', input: {}, caller: { type: 'direct' } },
    ],
    stop_reason: 'tool_use',
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: {
      input_tokens: 300,
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 20 },
      cache_creation_input_tokens: 100,
      cache_read_input_tokens: 600,
      cache_creation: null,
      inference_geo: null,
      server_tool_use: null,
      service_tier: null,
      speed: null,
    },
  };
  const { body, losses } = write(
    [
      { type: 'text', text: 'I look.' },
      { type: 'tool-call', toolCallId: 'call_1', toolName: 'weather', input: '{"city":"Rome"}' },
      { type: 'tool-call', toolCallId: 'call_2', toolName: 'noop', input: '' },
    ],
    { unified: 'tool-calls', raw: 'tool_calls' },
    usage,
  );
  expect(body).toEqual(expected);
  expect(losses).toEqual([]);
});

test.each<[ending: Ending, reason: Anthropic.StopReason, told: string[]]>([
  [{ unified: 'stop', raw: 'STOP' }, 'end_turn', []],
  [{ unified: 'stop', raw: 'stop_sequence' }, 'stop_sequence', []],
  [{ unified: 'tool-calls', raw: 'tool_calls' }, 'end_turn', []],
  [{ unified: 'length', raw: 'MAX_TOKENS' }, 'max_tokens', []],
  [{ unified: 'content-filter', raw: 'SAFETY' }, 'refusal', []],
  [{ unified: 'error', raw: 'MALFORMED_FUNCTION_CALL' }, 'end_turn', ['stop_reason']],
  [{ unified: 'other', raw: undefined }, 'end_turn', ['stop_reason']],
])('ending %j without calls is %s', (ending, reason, told) => {
  const { body, losses } = write([{ type: 'text', text: 'a' }], ending);
  expect(body['stop_reason']).toBe(reason);
  expect(losses.map((loss) => loss.field)).toEqual(told);
});

test('calls end a turn with tool_use though the vendor calls it an ordinary stop', () => {
  const { body } = write([{ type: 'tool-call', toolCallId: 'c', toolName: 'a', input: '{}' }]);
  expect(body['stop_reason']).toBe('tool_use');
});

test('the id of a call has only characters that Claude takes back', () => {
  const { body } = write([
    { type: 'tool-call', toolCallId: 'functions.weather:0', toolName: 'weather', input: '{}' },
  ]);
  expect(body['content']).toMatchObject([{ id: 'functions_weather_0' }]);
});

test('a refusal has its details', () => {
  const { body } = write([], { unified: 'content-filter', raw: 'SAFETY' });
  const details: Anthropic.RefusalStopDetails = {
    type: 'refusal',
    category: null,
    explanation: null,
  };
  expect(body).toMatchObject({ content: [], stop_reason: 'refusal', stop_details: details });
});

test('thoughts are shown when Claude signed them, and else told as a loss', () => {
  const { body, losses } = write([
    { type: 'reasoning', text: 'Hm.', providerMetadata: { anthropic: { signature: 'sig' } } },
    { type: 'reasoning', text: '', providerMetadata: { anthropic: { redactedData: 'sealed' } } },
    { type: 'reasoning', text: 'Unsigned.' },
    { type: 'text', text: 'Yes.' },
  ]);
  expect(body['content']).toEqual([
    { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
    { type: 'redacted_thinking', data: 'sealed' },
    { type: 'text', text: 'Yes.', citations: null },
  ] satisfies Anthropic.ContentBlock[]);
  expect(losses.map((loss) => loss.field)).toEqual(['content[].thinking']);
});

test.each(['{"city":', '["Rome"]', '"Rome"'])(
  'arguments %s, which are no object, are given to the caller as the model wrote them',
  (input) => {
    const { body, losses } = write([{ type: 'tool-call', toolCallId: 'c', toolName: 'a', input }]);
    expect(body['content']).toEqual([
      {
        type: 'tool_use',
        id: 'c',
        name: 'a',
        input: { INVALID_JSON: input },
        caller: { type: 'direct' },
      },
    ] satisfies Anthropic.ContentBlock[]);
    expect(losses.map((loss) => loss.field)).toEqual(['content[].input']);
  },
);

test.each<[what: string, part: LanguageModelV4Content]>([
  ['a source', { type: 'source', sourceType: 'url', id: '1', url: 'https://example.com' }],
  ['a file', { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0=' } }],
  [
    "a call of the vendor's own tool",
    { type: 'tool-call', toolCallId: 'c', toolName: 'a', input: '{}', providerExecuted: true },
  ],
])('%s is left out and told', (_what, part) => {
  const { body, losses } = write([part, { type: 'text', text: 'Yes.' }]);
  expect(body['content']).toEqual([{ type: 'text', text: 'Yes.', citations: null }]);
  expect(losses.map((loss) => loss.field)).toEqual(['content[]']);
});

test('an integer that no number can hold is written as the model wrote it', () => {
  const { body, losses } = write([
    { type: 'tool-call', toolCallId: 'c', toolName: 'a', input: '{"id":1234567890123456789}' },
  ]);
  expect(JSON.stringify(body)).toContain('"input":{"id":1234567890123456789}');
  expect(losses).toEqual([]);
});

test("a Gemini call's signature is told as lost, and the call is kept", () => {
  const { body, losses } = write([
    {
      type: 'tool-call',
      toolCallId: 'c',
      toolName: 'a',
      input: '{}',
      providerMetadata: { google: { thoughtSignature: 'sig' } },
    },
  ]);
  expect(body['content']).toHaveLength(1);
  expect(losses.map((loss) => loss.field)).toEqual(['content[]']);
});

test('usage that the provider does not tell is told as unknown', () => {
  const { body, losses } = write([{ type: 'text', text: 'a' }], STOP, {});
  expect(body['usage']).toMatchObject({ input_tokens: 0, output_tokens: 0 });
  expect(losses.map((loss) => loss.field)).toEqual(['usage']);
});
