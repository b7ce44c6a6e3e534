import { expect, test } from 'vitest';
import type { JsonObject } from '../../translator.ts';
import { messages } from './messages.ts';

const MARKER = { type: 'ephemeral' };

function promptOf(turns: readonly JsonObject[]) {
  return messages.read({ max_tokens: 100, messages: turns });
}

test('parallel tool calls and their results stay in order, with what the user says after them', () => {
  const { options, losses } = promptOf([
    { role: 'user', content: 'Weather in Rome and Oslo?' },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Two calls.', signature: 'sig-1' },
        { type: 'redacted_thinking', data: 'sealed' },
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Rome' } },
        {
          type: 'tool_use',
          id: 'toolu_2',
          name: 'weather',
          input: { city: 'Oslo' },
          caller: { type: 'direct' },
        },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'toolu_2', content: 'no station', is_error: true },
        {
          type: 'tool_result',
          tool_use_id: 'toolu_1',
          content: [
            { type: 'text', text: '21 °C' },
            { type: 'text', text: 'sunny' },
          ],
          cache_control: MARKER,
        },
        { type: 'text', text: 'And now?' },
      ],
    },
  ]);
  expect(options.prompt).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Weather in Rome and Oslo?' }] },
    {
      role: 'assistant',
      content: [
        {
          type: 'reasoning',
          text: 'Two calls.',
          providerOptions: { anthropic: { signature: 'sig-1' } },
        },
        {
          type: 'reasoning',
          text: '',
          providerOptions: { anthropic: { redactedData: 'sealed' } },
        },
        { type: 'text', text: 'I look.' },
        {
          type: 'tool-call',
          toolCallId: 'toolu_1',
          toolName: 'weather',
          input: { city: 'Rome' },
        },
        {
          type: 'tool-call',
          toolCallId: 'toolu_2',
          toolName: 'weather',
          input: { city: 'Oslo' },
        },
      ],
    },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'toolu_2',
          toolName: 'weather',
          output: { type: 'error-text', value: 'no station' },
        },
        {
          type: 'tool-result',
          toolCallId: 'toolu_1',
          toolName: 'weather',
          output: { type: 'text', value: '21 °C\nsunny' },
          providerOptions: { anthropic: { cacheControl: MARKER } },
        },
      ],
    },
    { role: 'user', content: [{ type: 'text', text: 'And now?' }] },
  ]);
  expect(losses).toEqual([]);
});
