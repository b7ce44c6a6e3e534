import { expect, test } from 'vitest';
import { answerText } from './answer-text.ts';

test.each([
  ['chat', { choices: [{ message: { content: 'Hi' } }] }, 'Hi'],
  ['a call of a tool', { choices: [{ message: { content: null, tool_calls: [] } }] }, undefined],
  [
    'messages',
    {
      content: [
        { type: 'thinking', thinking: '…' },
        { type: 'text', text: 'H' },
        { type: 'text', text: 'i' },
      ],
    },
    'Hi',
  ],
  [
    'responses',
    {
      output: [
        { type: 'reasoning' },
        { type: 'message', content: [{ type: 'output_text', text: 'Hi' }] },
      ],
    },
    'Hi',
  ],
  ['embeddings', { data: [{ embedding: [0.5, 1] }] }, [0.5, 1]],
  ['something else', { answer: 'Hi' }, undefined],
])('the answer of %s', (_dialect, body, text) => {
  expect(answerText(body)).toEqual(text);
});
