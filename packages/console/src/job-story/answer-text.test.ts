import { expect, test } from 'vitest';
import { answerText } from './answer-text.ts';

test.each([
  ['a chat completion', { choices: [{ message: { role: 'assistant', content: 'Hello.' } }] }],
  ['a message', { type: 'message', content: [{ type: 'text', text: 'Hello.' }] }],
  [
    'a response',
    {
      output: [
        { type: 'reasoning', summary: [] },
        { type: 'message', content: [{ type: 'output_text', text: 'Hello.' }] },
      ],
    },
  ],
])('the words of %s are found', (_dialect, body) => {
  expect(answerText(body)).toBe('Hello.');
});

test.each([
  ['an embedding', { data: [{ embedding: [0.1] }] }],
  ['a call for tools', { choices: [{ message: { content: null, tool_calls: [{}] } }] }],
  ['nothing', undefined],
])('%s has no words', (_kind, body) => {
  expect(answerText(body)).toBeUndefined();
});
