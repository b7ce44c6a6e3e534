import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import type { ChatCompletion, ChatCompletionMessage } from 'openai/resources';
import { expect, test } from 'vitest';
import type { AnswerContext, JsonObject } from '../../translator.ts';
import { receivedByOpenAi } from '../openai/testing/answering-server.ts';
import { sampleResult } from '../openai/testing/sample-result.ts';
import { chatCompletions } from './chat-completions.ts';
import { readRequest } from './read-request.ts';

const CONTEXT: AnswerContext = {
  id: 'abc',
  model: 'claude-sonnet-5',
  createdAt: 1_700_000_000_999,
  usage: {
    input_tokens: 20,
    output_tokens: 10,
    cache_read_tokens: 4,
    cache_write_tokens: 1,
    reasoning_tokens: 3,
  },
  request: {},
};

function write(result: Partial<LanguageModelV4GenerateResult>, request: JsonObject = {}) {
  return chatCompletions.write(sampleResult(result), { ...CONTEXT, request });
}

const messages = [{ role: 'user' as const, content: 'Hello' }];

test('an answer is a whole chat.completion, which the official client reads', async () => {
  const written = write({
    content: [
      { type: 'reasoning', text: 'A greeting.' },
      { type: 'text', text: 'Hello ' },
      { type: 'text', text: 'there' },
    ],
  });
  expect(written.losses).toEqual([]);
  const received = await receivedByOpenAi(written.body, (client) =>
    client.chat.completions.create({ model: 'any', messages }),
  );
  const message: ChatCompletionMessage & { reasoning_content: string } = {
    role: 'assistant',
    content: 'Hello there',
    refusal: null,
    reasoning_content: 'A greeting.',
  };
  const expected: ChatCompletion = {
    id: 'chatcmpl-abc',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'claude-sonnet-5',
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: 20,
      completion_tokens: 10,
      total_tokens: 30,
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 1 },
      completion_tokens_details: { reasoning_tokens: 3 },
    },
  };
  expect(received).toEqual(expected);
});

const CALLS: LanguageModelV4GenerateResult['content'] = [
  {
    type: 'tool-call',
    toolCallId: 'call_1',
    toolName: 'weather',
    input: '{"city":"Oslo"}',
    providerMetadata: { google: { thoughtSignature: 'sig' } },
  },
  { type: 'tool-call', toolCallId: 'call_2', toolName: 'weather', input: '{"city":"Rome"}' },
];

test('parallel tool calls come with their ids, and with the signature that Gemini wants back', async () => {
  const { body, losses } = write({
    content: CALLS,
    finishReason: { unified: 'tool-calls', raw: 'STOP' },
  });
  const received = await receivedByOpenAi(body, (client) =>
    client.chat.completions.parse({
      model: 'any',
      messages,
      tools: [{ type: 'function', function: { name: 'weather', strict: true, parameters: {} } }],
    }),
  );
  const [choice] = received.choices;
  expect(choice?.finish_reason).toBe('tool_calls');
  expect(choice?.message.content).toBeNull();
  expect(choice?.message.tool_calls).toMatchObject([
    {
      id: 'call_1',
      type: 'function',
      function: {
        name: 'weather',
        arguments: '{"city":"Oslo"}',
        parsed_arguments: { city: 'Oslo' },
      },
      extra_content: { google: { thought_signature: 'sig' } },
    },
    { id: 'call_2', function: { parsed_arguments: { city: 'Rome' } } },
  ]);
  expect(losses).toEqual([]);
});

test('what was written is read back with the next request', () => {
  const { body } = write({ content: CALLS, finishReason: { unified: 'tool-calls', raw: 'STOP' } });
  const [choice] = body['choices'] as [{ message: object }];
  const { options, losses } = readRequest({ messages: [...messages, choice.message] });
  expect(options.prompt[1]).toEqual({
    role: 'assistant',
    content: [
      {
        type: 'tool-call',
        toolCallId: 'call_1',
        toolName: 'weather',
        input: { city: 'Oslo' },
        providerOptions: { google: { thoughtSignature: 'sig' } },
      },
      { type: 'tool-call', toolCallId: 'call_2', toolName: 'weather', input: { city: 'Rome' } },
    ],
  });
  expect(losses).toEqual([]);
});

test('who declared functions reads a function call', () => {
  const { body, losses } = write(
    { content: CALLS, finishReason: { unified: 'tool-calls', raw: undefined } },
    { functions: [] },
  );
  expect(body['choices']).toMatchObject([
    {
      message: { function_call: { name: 'weather', arguments: '{"city":"Oslo"}' } },
      finish_reason: 'function_call',
    },
  ]);
  expect(losses.map((loss) => loss.field)).toEqual(['choices[0].message.function_call']);
});

test.each([
  ['stop', 'end_turn', 'stop', 'Hi', null],
  ['length', 'max_tokens', 'length', 'Hi', null],
  ['content-filter', 'SAFETY', 'content_filter', 'Hi', null],
  ['content-filter', 'refusal', 'content_filter', 'Hi', null],
  // The codec of responses tells a refusal in the model's own words without a raw reason.
  ['content-filter', undefined, 'stop', null, 'Hi'],
] as const)('an end by %s (%s) reads as %s', (unified, raw, expected, content, refusal) => {
  const { body, losses } = write({
    content: [{ type: 'text', text: 'Hi' }],
    finishReason: { unified, raw },
  });
  expect(body['choices']).toMatchObject([
    { message: { content, refusal }, finish_reason: expected },
  ]);
  expect(losses).toEqual([]);
});

test.each(['error', 'other', 'interrupted'] as const)(
  'an end by %s is told as a loss, as the dialect has no word for it',
  (unified) => {
    const { body, losses } = write({ content: [], finishReason: { unified, raw: 'pause_turn' } });
    expect(body['choices']).toMatchObject([{ message: { content: null }, finish_reason: 'stop' }]);
    expect(losses).toEqual([
      {
        field: 'choices[0].finish_reason',
        message: "has no word for the model's reason to end (pause_turn)",
      },
    ]);
  },
);

test('sources, files, signatures and tools of the vendor are told as lost, each once', () => {
  const source = { type: 'source', sourceType: 'url', id: '1', url: 'https://a.example' } as const;
  const { losses } = write({
    content: [
      { type: 'reasoning', text: 'x', providerMetadata: { anthropic: { signature: 's' } } },
      source,
      source,
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } },
      { type: 'tool-call', toolCallId: '1', toolName: 'search', input: '', providerExecuted: true },
    ],
  });
  expect(losses.map((loss) => loss.field)).toEqual(Array(4).fill('choices[0].message'));
});

test('log probabilities are there for who asked, from either of the forms the codecs know', () => {
  const token = { token: 'Hi', logprob: -0.1, top_logprobs: [{ token: 'Ho', logprob: -2 }] };
  const expected = [
    { ...token, bytes: [72, 105], top_logprobs: [{ token: 'Ho', logprob: -2, bytes: [72, 111] }] },
  ];
  for (const logprobs of [[token], [[token]]]) {
    const result = { providerMetadata: { openai: { logprobs } } };
    expect(write(result, { logprobs: true, top_logprobs: 1 }).body['choices']).toMatchObject([
      { logprobs: { content: expected, refusal: null } },
    ]);
    expect(write(result, { logprobs: true }).body['choices']).toMatchObject([
      { logprobs: { content: [{ token: 'Hi', top_logprobs: [] }] } },
    ]);
    expect(write(result).body['choices']).toMatchObject([{ logprobs: null }]);
  }
});

test('usage that nobody told is left out', () => {
  const { body } = chatCompletions.write(sampleResult({}), { ...CONTEXT, usage: {} });
  expect(body).not.toHaveProperty('usage');
});

test('options go by the names of the dialect', () => {
  expect(['maxOutputTokens', 'stopSequences', 'seed'].map(chatCompletions.fieldOf)).toEqual([
    'max_completion_tokens',
    'stop',
    'seed',
  ]);
});
