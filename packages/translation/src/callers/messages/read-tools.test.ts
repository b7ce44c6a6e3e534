import { expect, test } from 'vitest';
import { messages } from './messages.ts';

const HELLO = [{ role: 'user', content: 'Hello' }];
const HELLO_PROMPT = [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }];
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const MARKER = { type: 'ephemeral' };

test('tools keep schema, strictness, examples and cache marker', () => {
  const read = messages.read({
    max_tokens: 100,
    messages: HELLO,
    tools: [
      {
        name: 'weather',
        description: 'Tells the weather.',
        input_schema: SCHEMA,
        strict: true,
        input_examples: [{ city: 'Rome' }],
        eager_input_streaming: true,
        allowed_callers: ['direct'],
        cache_control: MARKER,
      },
      { type: 'custom', name: 'noop', input_schema: { type: 'object' } },
    ],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
  });
  expect(read).toEqual({
    options: {
      prompt: HELLO_PROMPT,
      maxOutputTokens: 100,
      tools: [
        {
          type: 'function',
          name: 'weather',
          description: 'Tells the weather.',
          inputSchema: SCHEMA,
          strict: true,
          inputExamples: [{ input: { city: 'Rome' } }],
          providerOptions: { anthropic: { cacheControl: MARKER } },
        },
        { type: 'function', name: 'noop', inputSchema: { type: 'object' } },
      ],
      toolChoice: { type: 'required' },
    },
    extras: {
      parallelToolCalls: { field: 'tool_choice.disable_parallel_tool_use', value: false },
    },
    losses: [],
  });
});

test.each([
  [{ type: 'auto' }, { type: 'auto' }],
  [{ type: 'none' }, { type: 'none' }],
  [
    { type: 'tool', name: 'noop' },
    { type: 'tool', toolName: 'noop' },
  ],
])('tool choice %j is carried', (choice, toolChoice) => {
  const { options } = messages.read({
    messages: HELLO,
    tools: [{ name: 'noop', input_schema: { type: 'object' } }],
    tool_choice: choice,
  });
  expect(options.toolChoice).toEqual(toolChoice);
});
