import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import type { Response, ResponseFunctionToolCall } from 'openai/resources/responses/responses';
import { expect, test } from 'vitest';
import type { AnswerContext, JsonObject } from '../../translator.ts';
import { receivedByOpenAi } from '../openai/testing/answering-server.ts';
import { sampleResult } from '../openai/testing/sample-result.ts';
import { isMadeUpReasoning, mayNameMadeUpReasoning } from './made-up-reasoning.ts';
import { readRequest } from './read-request.ts';
import { responses } from './responses.ts';

const CONTEXT: AnswerContext = {
  id: 'abc',
  model: 'gemini-3-pro',
  createdAt: 1_700_000_000_999,
  usage: { input_tokens: 20, output_tokens: 10, cache_read_tokens: 4, reasoning_tokens: 3 },
  request: {},
};

function write(result: Partial<LanguageModelV4GenerateResult>, request: JsonObject = {}) {
  return responses.write(sampleResult(result), { ...CONTEXT, request });
}

const CALLS: LanguageModelV4GenerateResult['content'] = [
  { type: 'tool-call', toolCallId: 'call_1', toolName: 'weather', input: '{"city":"Oslo"}' },
  { type: 'tool-call', toolCallId: 'call_2', toolName: 'weather', input: '{"city":"Rome"}' },
];
const WEATHER = { type: 'function' as const, name: 'weather', strict: true, parameters: {} };

test('an answer is a whole response, which the official client reads', async () => {
  const request = {
    model: 'any',
    instructions: 'Be brief.',
    input: 'Hello',
    tools: [WEATHER],
    temperature: 0.5,
    reasoning: { effort: 'low' as const, summary: 'auto' as const },
    metadata: { team: 'a' },
  };
  const { body, losses } = write(
    {
      content: [
        { type: 'reasoning', text: 'A greeting.' },
        { type: 'text', text: 'Hello ' },
        { type: 'text', text: 'there' },
        ...CALLS,
      ],
      finishReason: { unified: 'tool-calls', raw: 'STOP' },
    },
    request,
  );
  expect(losses).toEqual([]);
  const expected: Response = {
    id: 'resp_abc',
    object: 'response',
    created_at: 1_700_000_000,
    completed_at: 1_700_000_000,
    status: 'completed',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: 'Be brief.',
    max_output_tokens: null,
    max_tool_calls: null,
    metadata: { team: 'a' },
    model: 'gemini-3-pro',
    access_programs: null,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: 'low', summary: 'auto' },
    temperature: 0.5,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [WEATHER],
    top_p: null,
    truncation: 'disabled',
    // The client itself puts the texts together.
    output_text: 'Hello there',
    output: [
      {
        id: 'rs_abc_0',
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: 'A greeting.' }],
      },
      {
        id: 'msg_abc_1',
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'Hello ', annotations: [], logprobs: [] },
          { type: 'output_text', text: 'there', annotations: [], logprobs: [] },
        ],
      },
      call('fc_abc_2', 'call_1', '{"city":"Oslo"}'),
      call('fc_abc_3', 'call_2', '{"city":"Rome"}'),
    ],
    usage: {
      input_tokens: 20,
      input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
      output_tokens: 10,
      output_tokens_details: { reasoning_tokens: 3 },
      total_tokens: 30,
    },
  };
  const received = await receivedByOpenAi(body, (client) => client.responses.create(request));
  expect(received).toEqual(expected);
});

test('the reasoning of an answer is known as made up here when it is given back', () => {
  const context = { ...CONTEXT, id: '01jd8z3v7k9m2n4p6q8r0s1t2v' };
  const { body } = responses.write(
    sampleResult({
      content: [
        { type: 'reasoning', text: 'A greeting.' },
        { type: 'text', text: 'Hello' },
      ],
    }),
    { ...context, request: { reasoning: { summary: 'auto' } } },
  );
  const output = body['output'] as unknown[];
  expect(output.map(isMadeUpReasoning)).toEqual([true, false]);
  expect(mayNameMadeUpReasoning(Buffer.from(JSON.stringify({ input: output })))).toBe(true);
  expect(mayNameMadeUpReasoning(Buffer.from(JSON.stringify({ input: output.slice(1) })))).toBe(
    false,
  );
});

function call(id: string, callId: string, args: string): ResponseFunctionToolCall {
  const status = 'completed';
  return { id, type: 'function_call', status, call_id: callId, name: 'weather', arguments: args };
}

test("the official client parses a call's arguments and an output of the schema", async () => {
  const { body } = write({ content: [{ type: 'text', text: '{"city":"Oslo"}' }, ...CALLS] });
  const format = { type: 'json_schema' as const, name: 'place', schema: {}, strict: true };
  const received = await receivedByOpenAi(body, (client) =>
    client.responses.parse({ model: 'any', input: 'x', tools: [WEATHER], text: { format } }),
  );
  expect(received.output_parsed).toEqual({ city: 'Oslo' });
  expect(received.output.slice(1)).toMatchObject([
    { parsed_arguments: { city: 'Oslo' } },
    { parsed_arguments: { city: 'Rome' } },
  ]);
});

test('what was written is read back with the next request', () => {
  const { body } = write({ content: [{ type: 'text', text: 'I look.' }, ...CALLS] });
  const { options, losses } = readRequest({ input: body['output'] });
  expect(options.prompt).toEqual([
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'I look.' },
        { type: 'tool-call', toolCallId: 'call_1', toolName: 'weather', input: { city: 'Oslo' } },
        { type: 'tool-call', toolCallId: 'call_2', toolName: 'weather', input: { city: 'Rome' } },
      ],
    },
  ]);
  expect(losses).toEqual([]);
});

test('reasoning is shown only to who asked for a summary', () => {
  const { body, losses } = write({
    content: [
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'Hi' },
    ],
  });
  expect(body['output']).toMatchObject([{ type: 'message' }]);
  expect(losses.map((loss) => loss.field)).toEqual(['output']);
});

test.each([
  ['stop', 'end_turn', 'completed', null],
  ['length', 'max_tokens', 'incomplete', { reason: 'max_output_tokens' }],
  ['content-filter', 'SAFETY', 'incomplete', { reason: 'content_filter' }],
] as const)('an end by %s (%s) reads as %s', (unified, raw, status, incomplete_details) => {
  const { body, losses } = write({ finishReason: { unified, raw } });
  expect(body).toMatchObject({ status, incomplete_details, output: [{ status }] });
  expect(losses).toEqual([]);
});

test("a refusal in the model's own words is a refusal, and the response complete", () => {
  const { body } = write({
    content: [{ type: 'text', text: 'I will not.' }],
    finishReason: { unified: 'content-filter', raw: 'stop' },
  });
  expect(body).toMatchObject({
    status: 'completed',
    incomplete_details: null,
    output: [{ content: [{ type: 'refusal', refusal: 'I will not.' }] }],
  });
});

test('ends without a word, sources and signatures are told as lost', () => {
  const { losses } = write({
    content: [
      { type: 'source', sourceType: 'url', id: '1', url: 'https://a.example' },
      {
        type: 'tool-call',
        toolCallId: 'call_1',
        toolName: 'weather',
        input: '{}',
        providerMetadata: { google: { thoughtSignature: 'sig' } },
      },
    ],
    finishReason: { unified: 'other', raw: 'pause_turn' },
  });
  expect(losses.map((loss) => loss.field)).toEqual(['output', 'output', 'status']);
});

test('log probabilities are there for who asked', () => {
  const token = { token: 'Hi', logprob: -0.1, top_logprobs: [] };
  const result = { providerMetadata: { openai: { logprobs: [token] } } };
  const logprobs = [{ ...token, bytes: [72, 105] }];
  expect(write(result, { top_logprobs: 0 }).body['output']).toMatchObject([
    { content: [{ logprobs }] },
  ]);
  expect(write(result).body['output']).toMatchObject([{ content: [{ logprobs: [] }] }]);
});

test('options go by the names of the dialect', () => {
  expect(['maxOutputTokens', 'reasoning', 'seed'].map(responses.fieldOf)).toEqual([
    'max_output_tokens',
    'reasoning.effort',
    'seed',
  ]);
});
