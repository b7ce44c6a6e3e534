import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../translator.ts';
import { bodiesWith, readable, untoldMembers } from '../openai/testing/untold-members.ts';
import { plausibleObject } from '../openai/testing/plausible-bodies.ts';
import { readRequest } from './read-request.ts';

const HELLO_PROMPT = [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }];
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } } };
const WEATHER = { type: 'function', name: 'weather', parameters: SCHEMA, strict: true };
const WEATHER_TOOL = { type: 'function', name: 'weather', inputSchema: SCHEMA, strict: true };

const call = (id: string, city: string) => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: id,
  status: 'completed',
  name: 'weather',
  arguments: JSON.stringify({ city }),
});

const output = (id: string, value: unknown) => ({
  type: 'function_call_output',
  call_id: id,
  output: value,
});

const result = (toolCallId: string, value: object) => ({
  type: 'tool-result',
  toolCallId,
  toolName: 'weather',
  output: value,
});

test('a plain request keeps its instructions, sampling, caps and wishes', () => {
  const format = { type: 'json_schema', name: 'place', schema: SCHEMA, strict: true };
  expect(
    readRequest({
      model: 'gpt-5',
      instructions: 'Be brief.',
      input: 'Hello',
      max_output_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      text: { format, verbosity: 'low' },
      reasoning: { effort: 'high', summary: 'auto' },
      truncation: 'disabled',
      include: ['message.output_text.logprobs'],
      top_logprobs: 2,
      metadata: { team: 'a' },
      store: false,
      parallel_tool_calls: true,
      service_tier: 'flex',
      user: 'u1',
      safety_identifier: 's1',
      prompt_cache_key: 'k',
      background: true,
      stream: false,
      previous_response_id: null,
      tools: [],
    }),
  ).toEqual({
    options: {
      prompt: [{ role: 'system', content: 'Be brief.' }, ...HELLO_PROMPT],
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      reasoning: 'high',
      responseFormat: { type: 'json', name: 'place', schema: SCHEMA },
    },
    extras: {
      strictJsonSchema: { field: 'text.format.strict', value: true },
      verbosity: { field: 'text.verbosity', value: 'low' },
      reasoningSummary: { field: 'reasoning.summary', value: 'auto' },
      topLogprobs: { field: 'top_logprobs', value: 2 },
      metadata: { field: 'metadata', value: { team: 'a' } },
      store: { field: 'store', value: false },
      parallelToolCalls: { field: 'parallel_tool_calls', value: true },
      serviceTier: { field: 'service_tier', value: 'flex' },
      user: { field: 'user', value: 'u1' },
      safetyIdentifier: { field: 'safety_identifier', value: 's1' },
      promptCacheKey: { field: 'prompt_cache_key', value: 'k' },
    },
    reasonsUnasked: true,
    losses: [],
  });
});

test('the items of one answer are one turn, and the outputs of its calls another', () => {
  const read = readRequest({
    input: [
      { role: 'developer', content: 'Be kind.' },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'Two calls.' }],
        encrypted_content: null,
      },
      {
        type: 'message',
        id: 'msg_1',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'I look.', annotations: [], logprobs: [] }],
      },
      call('call_1', 'Oslo'),
      call('call_2', 'Rome'),
      output('call_1', 'cold'),
      output('call_2', [
        { type: 'input_text', text: 'warm' },
        { type: 'input_text', text: 'dry' },
      ]),
      { role: 'assistant', content: [{ type: 'refusal', refusal: 'No more.' }] },
    ],
    tools: [WEATHER, { type: 'function', name: 'time', parameters: null }],
    tool_choice: {
      type: 'allowed_tools',
      mode: 'required',
      tools: [{ type: 'function', name: 'weather' }],
    },
  });
  expect(read).toEqual({
    options: {
      prompt: [
        { role: 'system', content: 'Be kind.' },
        ...HELLO_PROMPT,
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'Two calls.' },
            { type: 'text', text: 'I look.' },
            {
              type: 'tool-call',
              toolCallId: 'call_1',
              toolName: 'weather',
              input: { city: 'Oslo' },
            },
            {
              type: 'tool-call',
              toolCallId: 'call_2',
              toolName: 'weather',
              input: { city: 'Rome' },
            },
          ],
        },
        {
          role: 'tool',
          content: [
            result('call_1', { type: 'text', value: 'cold' }),
            result('call_2', {
              type: 'content',
              value: [
                { type: 'text', text: 'warm' },
                { type: 'text', text: 'dry' },
              ],
            }),
          ],
        },
        { role: 'assistant', content: [{ type: 'text', text: 'No more.' }] },
      ],
      tools: [WEATHER_TOOL],
      toolChoice: { type: 'required' },
    },
    extras: {},
    reasonsUnasked: true,
    losses: [],
  });
});

test('images and files are carried with their media types', () => {
  const content = [
    { type: 'input_image', image_url: 'data:image/gif;base64,R0lGODlh', detail: 'low' },
    { type: 'input_image', image_url: 'https://example.org/cat.webp', file_id: null },
    { type: 'input_file', filename: 'a.csv', file_data: 'data:text/csv;base64,YQ==' },
    { type: 'input_file', file_url: 'https://example.org/a.pdf' },
  ];
  expect(readRequest({ input: [{ role: 'user', content }] })).toEqual({
    options: {
      prompt: [
        {
          role: 'user',
          content: [
            {
              type: 'file',
              data: { type: 'data', data: 'R0lGODlh' },
              mediaType: 'image/gif',
              providerOptions: { openai: { imageDetail: 'low' } },
            },
            {
              type: 'file',
              data: { type: 'url', url: new URL('https://example.org/cat.webp') },
              mediaType: 'image/webp',
            },
            {
              type: 'file',
              filename: 'a.csv',
              data: { type: 'data', data: 'YQ==' },
              mediaType: 'text/csv',
            },
            {
              type: 'file',
              data: { type: 'url', url: new URL('https://example.org/a.pdf') },
              mediaType: 'application/pdf',
            },
          ],
        },
      ],
    },
    extras: {},
    reasonsUnasked: true,
    losses: [],
  });
});

const items = (...input: object[]) => ({ input });

test.each<[string, JsonObject]>([
  ['truncation', { truncation: 'auto' }],
  ['include', { include: ['reasoning.encrypted_content'] }],
  ['max_tool_calls', { max_tool_calls: 3 }],
  ['context_management', { context_management: [] }],
  ['reasoning.effort', { reasoning: { effort: 'endless' } }],
  ['tools[]', { tools: [{ type: 'web_search', filters: {} }] }],
  ['input[]', items({ type: 'web_search_call', id: 'ws_1', status: 'completed', action: {} })],
  [
    'input[].encrypted_content',
    items({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' }),
  ],
  ['input[].phase', items({ role: 'assistant', content: 'x', phase: 'commentary' })],
])('what has no place is told once as a loss: %s', (field, members) => {
  const { losses } = readRequest({ input: 'Hello', ...members });
  expect(losses).toEqual([{ field, message: expect.stringMatching(/./) as string }]);
});

test.each<[string, JsonObject]>([
  ['input', {}],
  ['input', { input: { role: 'user' } }],
  ['previous_response_id', { input: 'a', previous_response_id: 'resp_1' }],
  ['conversation', { input: 'a', conversation: 'conv_1' }],
  ['prompt', { input: 'a', prompt: { id: 'pmpt_1' } }],
  ['input[0].type', items({ type: 'item_reference', id: 'msg_1' })],
  ['input[0].type', items({ type: 'computer_call_output', call_id: 'a' })],
  ['input[0].role', items({ role: 'critic', content: 'x' })],
  ['input[0].call_id', items({ type: 'function_call_output', call_id: 'x', output: 'y' })],
  ['input[0].arguments', items({ type: 'function_call', call_id: 'x', name: 'f', arguments: '1' })],
  [
    'input[0].content[0].file_id',
    items({ role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] }),
  ],
  ['max_output_tokens', { input: 'a', max_output_tokens: 'many' }],
  ['include', { input: 'a', include: 'all' }],
  ['text.format.type', { input: 'a', text: { format: { type: 'grammar' } } }],
  ['tool_choice.type', { input: 'a', tool_choice: { type: 'web_search_preview' } }],
  ['tool_choice', { input: 'a', tool_choice: 'some' }],
])('what cannot be left out or is malformed is named: %s', (field, body) => {
  expect(() => readRequest(body)).toThrow(
    expect.objectContaining({ name: 'UntranslatableError', field }) as Error,
  );
});

/** A value of every member that is carried, other than what holds without it. */
const CARRIED: Readonly<Record<string, unknown>> = {
  instructions: 'a',
  max_output_tokens: 10,
  temperature: 0.1,
  top_p: 0.2,
  text: { verbosity: 'low' },
  reasoning: { effort: 'low' },
  tools: [WEATHER],
  tool_choice: 'auto',
  parallel_tool_calls: true,
  top_logprobs: 1,
  user: 'u',
  safety_identifier: 's',
  metadata: { a: 'b' },
  store: false,
  service_tier: 'flex',
  prompt_cache_key: 'k',
};

test('every member of a body is carried, or told as lost', () => {
  fc.assert(
    fc.property(bodiesWith({ input: 'Hello' }, CARRIED), (body) => {
      expect(untoldMembers(readRequest, body)).toEqual([]);
    }),
  );
});

test('no body, however odd, fails otherwise than as untranslatable', () => {
  const types = ['message', 'function_call', 'function_call_output', 'reasoning'];
  fc.assert(
    fc.property(plausibleObject, fc.array(plausibleObject, { maxLength: 3 }), (body, parts) => {
      const bodies: JsonObject[] = [
        { ...body },
        { ...body, input: parts },
        { input: parts.map((part, index) => ({ ...part, type: types[index % 4] })) },
        { input: [{ role: 'user', content: parts }] },
        { input: [{ role: 'assistant', content: parts }] },
        { input: 'Hello', tools: parts, tool_choice: body, text: body, reasoning: body },
      ];
      for (const each of bodies) expect(() => readable(readRequest, each)).not.toThrow();
    }),
    { numRuns: 300 },
  );
});
