import { expect, test } from 'vitest';
import type { JsonObject } from '../../translator.ts';
import { messages } from './messages.ts';

const HELLO = [{ role: 'user', content: 'Hello' }];
const HELLO_PROMPT = [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }];
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const MARKER = { type: 'ephemeral' };

test('a plain request keeps system, cap, sampling and stop sequences', () => {
  const read = messages.read({
    model: 'claude-opus-4-8',
    stream: true,
    max_tokens: 1024,
    system: 'Be brief.',
    messages: HELLO,
    temperature: 0.5,
    top_p: 0.9,
    top_k: 40,
    stop_sequences: ['END', '###'],
    metadata: { user_id: 'user-7' },
    service_tier: 'standard_only',
  });
  expect(read).toEqual({
    options: {
      prompt: [{ role: 'system', content: 'Be brief.' }, ...HELLO_PROMPT],
      maxOutputTokens: 1024,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      stopSequences: ['END', '###'],
    },
    extras: {
      user: { field: 'metadata.user_id', value: 'user-7' },
      serviceTier: { field: 'service_tier', value: 'default' },
    },
    losses: [],
  });
});

test('system blocks are one message, parted only by cache markers, which stay on them', () => {
  const { options, losses } = messages.read({
    max_tokens: 100,
    system: [
      { type: 'text', text: 'You are a clerk.' },
      { type: 'text', text: 'The rules: …', cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'text', text: 'Today is Sunday.' },
    ],
    messages: HELLO,
    cache_control: MARKER,
  });
  expect(options).toEqual({
    prompt: [
      {
        role: 'system',
        content: 'You are a clerk.\n\nThe rules: …',
        providerOptions: { anthropic: { cacheControl: { type: 'ephemeral', ttl: '1h' } } },
      },
      { role: 'system', content: 'Today is Sunday.' },
      ...HELLO_PROMPT,
    ],
    maxOutputTokens: 100,
    providerOptions: { anthropic: { cacheControl: MARKER } },
  });
  expect(losses).toEqual([]);
});

test.each<[body: JsonObject, reasoning: string, budget: number | undefined]>([
  [{ thinking: { type: 'disabled' } }, 'none', undefined],
  [{ thinking: { type: 'adaptive' } }, 'high', undefined],
  [{ thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }, 'max', undefined],
  [{ output_config: { effort: 'low' } }, 'low', undefined],
  [{ thinking: { type: 'enabled', budget_tokens: 2048 } }, 'low', 2048],
  [{ thinking: { type: 'enabled', budget_tokens: 10_000, display: 'omitted' } }, 'medium', 10_000],
  [{ thinking: { type: 'enabled', budget_tokens: 31_999 } }, 'high', 31_999],
])('%j asks for %s reasoning', (members, reasoning, budget) => {
  const { options, extras, losses } = messages.read({ messages: HELLO, ...members });
  expect(options.reasoning).toBe(reasoning);
  expect(extras.reasoningBudgetTokens).toEqual(
    budget === undefined ? undefined : { field: 'thinking.budget_tokens', value: budget },
  );
  expect(losses).toEqual([]);
});

test.each([
  ['output_config.format', { output_config: { format: { type: 'json_schema', schema: SCHEMA } } }],
  ['output_format', { output_format: { type: 'json_schema', schema: SCHEMA } }],
])('a JSON schema in %s is carried as a strict one', (field, members) => {
  expect(messages.read({ messages: HELLO, ...members })).toEqual({
    options: { prompt: HELLO_PROMPT, responseFormat: { type: 'json', schema: SCHEMA } },
    extras: { strictJsonSchema: { field, value: true } },
    losses: [],
  });
});

test("options go by the caller's names", () => {
  const options = ['maxOutputTokens', 'topK', 'responseFormat', 'cacheControl', 'temperature'];
  expect(options.map((option) => messages.fieldOf(option))).toEqual([
    'max_tokens',
    'top_k',
    'output_config.format',
    'cache_control',
    'temperature',
  ]);
});
