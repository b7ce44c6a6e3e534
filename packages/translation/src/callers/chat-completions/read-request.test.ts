import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../translator.ts';
import { bodiesWith, readable, untoldMembers } from '../openai/testing/untold-members.ts';
import { plausibleObject } from '../openai/testing/plausible-bodies.ts';
import { readRequest } from './read-request.ts';

const HELLO = [{ role: 'user', content: 'Hello' }];
const HELLO_PROMPT = [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }];
const WEATHER = {
  name: 'weather',
  description: 'Tells the weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const WEATHER_TOOL = {
  type: 'function',
  name: 'weather',
  description: 'Tells the weather',
  inputSchema: WEATHER.parameters,
};

const call = (id: string, city: string) => ({
  id,
  type: 'function',
  function: { name: 'weather', arguments: JSON.stringify({ city }) },
});

test('a plain request keeps its turns, sampling and caps', () => {
  expect(
    readRequest({
      model: 'gpt-5',
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'One' },
            { type: 'text', text: 'two' },
          ],
        },
        ...HELLO,
        { role: 'assistant', content: 'Hi!', refusal: null, annotations: [], audio: null },
        { role: 'user', content: [{ type: 'text', text: 'How are you?' }] },
      ],
      max_completion_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      stop: 'END',
      seed: 7,
      presence_penalty: 0.1,
      frequency_penalty: -0.1,
      reasoning_effort: 'low',
      stream: true,
      stream_options: { include_usage: true },
      n: 1,
      modalities: ['text'],
    }),
  ).toEqual({
    options: {
      prompt: [
        { role: 'system', content: 'Be brief.' },
        { role: 'system', content: 'One\ntwo' },
        ...HELLO_PROMPT,
        { role: 'assistant', content: [{ type: 'text', text: 'Hi!' }] },
        { role: 'user', content: [{ type: 'text', text: 'How are you?' }] },
      ],
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      stopSequences: ['END'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: -0.1,
      reasoning: 'low',
    },
    extras: {},
    losses: [],
  });
});

test('parallel tool calls and their results keep their ids, names, order and signatures', () => {
  const read = readRequest({
    messages: [
      ...HELLO,
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'Two calls.',
        tool_calls: [
          { ...call('call_1', 'Oslo'), extra_content: { google: { thought_signature: 'sig' } } },
          call('call_2', 'Rome'),
        ],
      },
      { role: 'tool', tool_call_id: 'call_2', content: 'warm' },
      {
        role: 'tool',
        tool_call_id: 'call_1',
        content: [
          { type: 'text', text: 'cold' },
          { type: 'text', text: 'and wet' },
        ],
      },
    ],
    tools: [{ type: 'function', function: { ...WEATHER, strict: true } }],
    tool_choice: 'required',
    parallel_tool_calls: false,
  });
  expect(read).toEqual({
    options: {
      prompt: [
        ...HELLO_PROMPT,
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'Two calls.' },
            {
              type: 'tool-call',
              toolCallId: 'call_1',
              toolName: 'weather',
              input: { city: 'Oslo' },
              providerOptions: { google: { thoughtSignature: 'sig' } },
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
            {
              type: 'tool-result',
              toolCallId: 'call_2',
              toolName: 'weather',
              output: { type: 'text', value: 'warm' },
            },
            {
              type: 'tool-result',
              toolCallId: 'call_1',
              toolName: 'weather',
              output: {
                type: 'content',
                value: [
                  { type: 'text', text: 'cold' },
                  { type: 'text', text: 'and wet' },
                ],
              },
            },
          ],
        },
      ],
      tools: [{ ...WEATHER_TOOL, strict: true }],
      toolChoice: { type: 'required' },
    },
    extras: { parallelToolCalls: { field: 'parallel_tool_calls', value: false } },
    losses: [],
  });
});

test('images, speech and files are carried with their media types', () => {
  const content = [
    { type: 'text', text: 'Look' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'high' } },
    { type: 'image_url', image_url: { url: 'https://example.org/cat.jpg?size=2', detail: 'auto' } },
    { type: 'image_url', image_url: { url: 'https://example.org/cat' } },
    { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
    {
      type: 'file',
      file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
    },
  ];
  expect(readRequest({ messages: [{ role: 'user', content }] })).toEqual({
    options: {
      prompt: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            {
              type: 'file',
              data: { type: 'data', data: 'iVBORw0KGgo=' },
              mediaType: 'image/png',
              providerOptions: { openai: { imageDetail: 'high' } },
            },
            {
              type: 'file',
              data: { type: 'url', url: new URL('https://example.org/cat.jpg?size=2') },
              mediaType: 'image/jpeg',
            },
            {
              type: 'file',
              data: { type: 'url', url: new URL('https://example.org/cat') },
              mediaType: 'image/*',
            },
            { type: 'file', data: { type: 'data', data: 'UklGRg==' }, mediaType: 'audio/wav' },
            {
              type: 'file',
              filename: 'a.pdf',
              data: { type: 'data', data: 'JVBERi0=' },
              mediaType: 'application/pdf',
            },
          ],
        },
      ],
    },
    extras: {},
    losses: [],
  });
});

test('functions in the form until 2023 become tools', () => {
  expect(
    readRequest({
      messages: [
        ...HELLO,
        { role: 'assistant', content: null, function_call: { name: 'weather', arguments: '{}' } },
        { role: 'function', name: 'weather', content: 'cold' },
      ],
      functions: [WEATHER],
      function_call: { name: 'weather' },
    }),
  ).toEqual({
    options: {
      prompt: [
        ...HELLO_PROMPT,
        {
          role: 'assistant',
          content: [{ type: 'tool-call', toolCallId: 'call_1', toolName: 'weather', input: {} }],
        },
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: 'call_1',
              toolName: 'weather',
              output: { type: 'text', value: 'cold' },
            },
          ],
        },
      ],
      tools: [WEATHER_TOOL],
      toolChoice: { type: 'tool', toolName: 'weather' },
    },
    extras: {},
    losses: [],
  });
});

test.each([
  [
    'a named tool',
    { type: 'function', function: { name: 'weather' } },
    ['time', 'weather'],
    'tool',
  ],
  [
    'a list of allowed tools',
    {
      type: 'allowed_tools',
      allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'weather' } }] },
    },
    ['weather'],
    'auto',
  ],
  ['no tool', 'none', ['time', 'weather'], 'none'],
])('the choice of %s is carried', (_title, tool_choice, names, type) => {
  const tools = [
    { type: 'function', function: { name: 'time' } },
    { type: 'function', function: WEATHER },
  ];
  const { options, losses } = readRequest({ messages: HELLO, tools, tool_choice });
  expect(options.tools?.map((tool) => tool.name)).toEqual(names);
  expect(options.toolChoice).toEqual(type === 'tool' ? { type, toolName: 'weather' } : { type });
  expect(losses).toEqual([]);
});

test.each(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])(
  'the reasoning effort %s is carried',
  (effort) => {
    const { options, losses } = readRequest({ messages: HELLO, reasoning_effort: effort });
    expect(options.reasoning).toBe(effort);
    expect(losses).toEqual([]);
  },
);

test('what dialects share beyond call options stands apart, with its path', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  const json_schema = { name: 'answer', description: 'An answer', schema, strict: true };
  expect(
    readRequest({
      messages: HELLO,
      response_format: { type: 'json_schema', json_schema },
      logprobs: true,
      top_logprobs: 3,
      logit_bias: { '50256': -100 },
      user: 'u1',
      safety_identifier: 's1',
      metadata: { team: 'a' },
      store: true,
      service_tier: 'flex',
      verbosity: 'low',
      prompt_cache_key: 'k',
    }),
  ).toEqual({
    options: {
      prompt: HELLO_PROMPT,
      responseFormat: { type: 'json', schema, name: 'answer', description: 'An answer' },
    },
    extras: {
      strictJsonSchema: { field: 'response_format.json_schema.strict', value: true },
      topLogprobs: { field: 'top_logprobs', value: 3 },
      logitBias: { field: 'logit_bias', value: { '50256': -100 } },
      user: { field: 'user', value: 'u1' },
      safetyIdentifier: { field: 'safety_identifier', value: 's1' },
      metadata: { field: 'metadata', value: { team: 'a' } },
      store: { field: 'store', value: true },
      serviceTier: { field: 'service_tier', value: 'flex' },
      verbosity: { field: 'verbosity', value: 'low' },
      promptCacheKey: { field: 'prompt_cache_key', value: 'k' },
    },
    losses: [],
  });
});

test.each<[string, JsonObject]>([
  ['n', { n: 2 }],
  ['prediction', { prediction: { type: 'content', content: 'x' } }],
  ['web_search_options', { web_search_options: {} }],
  ['audio', { audio: { voice: 'alloy', format: 'wav' } }],
  ['reasoning_effort', { reasoning_effort: 'endless' }],
  ['top_logprobs', { top_logprobs: 2 }],
  ['max_tokens', { max_tokens: 5, max_completion_tokens: 6 }],
  ['tools[]', { tools: [{ type: 'custom', custom: { name: 'grep' } }] }],
  ['tools[].function.x', { tools: [{ type: 'function', function: { name: 'a', x: 1 } }] }],
  ['messages[].name', { messages: [{ role: 'user', name: 'Ann', content: 'Hello' }] }],
  [
    'messages[].content[].cache',
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a', cache: 1 },
            { type: 'text', text: 'b', cache: 1 },
          ],
        },
      ],
    },
  ],
])('what has no place is told once as a loss: %s', (field, members) => {
  const { losses } = readRequest({ messages: HELLO, ...members });
  expect(losses).toEqual([{ field, message: expect.stringMatching(/./) as string }]);
});

const inUser = (part: object) => ({ messages: [{ role: 'user', content: [part] }] });
const inAssistant = (members: object) => ({ messages: [{ role: 'assistant', ...members }] });

test.each<[string, JsonObject]>([
  ['messages', {}],
  ['messages', { messages: 'Hello' }],
  ['messages[0].role', { messages: [{ role: 'wizard', content: '' }] }],
  ['messages[0].content', { messages: [{ role: 'user', content: 7 }] }],
  ['messages[0].content[0].type', inUser({ type: 'video_url', video_url: {} })],
  ['messages[0].content[0].file.file_id', inUser({ type: 'file', file: { file_id: 'file-1' } })],
  [
    'messages[0].content[0].image_url.url',
    inUser({ type: 'image_url', image_url: { url: 'gs://a' } }),
  ],
  ['messages[0].content[0].image_url', inUser({ type: 'image_url', image_url: 'https://a' })],
  [
    'messages[0].content[0].input_audio.data',
    inUser({ type: 'input_audio', input_audio: { data: 'ü', format: 'wav' } }),
  ],
  ['messages[0].audio', inAssistant({ audio: { id: 'audio_1' } })],
  [
    'messages[0].tool_calls[0].function.arguments',
    inAssistant({ tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{' } }] }),
  ],
  [
    'messages[0].tool_calls[0].type',
    inAssistant({ tool_calls: [{ id: 'a', type: 'custom', custom: {} }] }),
  ],
  ['messages[0].tool_call_id', { messages: [{ role: 'tool', tool_call_id: 'x', content: 'y' }] }],
  ['temperature', { messages: HELLO, temperature: 'hot' }],
  ['max_tokens', { messages: HELLO, max_tokens: 1.5 }],
  ['stop', { messages: HELLO, stop: [1] }],
  ['logit_bias', { messages: HELLO, logit_bias: { a: 'b' } }],
  ['metadata', { messages: HELLO, metadata: { a: 1 } }],
  ['modalities', { messages: HELLO, modalities: ['text', 'audio'] }],
  ['response_format.type', { messages: HELLO, response_format: { type: 'grammar' } }],
  ['response_format.json_schema', { messages: HELLO, response_format: { type: 'json_schema' } }],
  [
    'tool_choice.type',
    { messages: HELLO, tool_choice: { type: 'custom', custom: { name: 'grep' } } },
  ],
])('what cannot be left out or is malformed is named: %s', (field, body) => {
  expect(() => readRequest(body)).toThrow(
    expect.objectContaining({ name: 'UntranslatableError', field }) as Error,
  );
});

/** A value of every member that is carried, other than what holds without it. */
const CARRIED: Readonly<Record<string, unknown>> = {
  max_completion_tokens: 10,
  temperature: 0.1,
  top_p: 0.2,
  stop: ['a'],
  seed: 1,
  presence_penalty: 1,
  frequency_penalty: 1,
  reasoning_effort: 'high',
  response_format: { type: 'json_object' },
  tools: [{ type: 'function', function: WEATHER }],
  tool_choice: 'auto',
  parallel_tool_calls: true,
  logprobs: true,
  logit_bias: { '1': 1 },
  user: 'u',
  safety_identifier: 's',
  metadata: { a: 'b' },
  store: false,
  service_tier: 'flex',
  verbosity: 'high',
  prompt_cache_key: 'k',
};

test('every member of a body is carried, or told as lost', () => {
  fc.assert(
    fc.property(bodiesWith({ messages: HELLO }, CARRIED), (body) => {
      expect(untoldMembers(readRequest, body)).toEqual([]);
    }),
  );
});

test('no body, however odd, fails otherwise than as untranslatable', () => {
  fc.assert(
    fc.property(plausibleObject, fc.array(plausibleObject, { maxLength: 3 }), (body, parts) => {
      const bodies: JsonObject[] = [
        { ...body },
        { ...body, messages: parts },
        { messages: [{ role: 'user', content: parts }] },
        { messages: [{ role: 'assistant', content: null, tool_calls: parts }] },
        { messages: parts.map((part) => ({ ...part, role: 'assistant' })) },
        { messages: HELLO, tools: parts, tool_choice: body, response_format: body },
      ];
      for (const each of bodies) expect(() => readable(readRequest, each)).not.toThrow();
    }),
    { numRuns: 300 },
  );
});
