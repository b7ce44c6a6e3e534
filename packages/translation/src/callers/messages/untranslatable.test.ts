import { expect, test } from 'vitest';
import { UntranslatableError } from '../../loss.ts';
import type { JsonObject } from '../../translator.ts';
import { messages } from './messages.ts';

const HELLO = [{ role: 'user', content: 'Hello' }];

test.each<[field: string, body: JsonObject]>([
  ['messages', {}],
  ['messages', { messages: [] }],
  ['messages', { messages: 'Hello' }],
  ['messages[0].role', { messages: [{ role: 'tool', content: 'x' }] }],
  ['messages[0].content', { messages: [{ role: 'user' }] }],
  ['messages[0].content[0].text', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
  ['messages[0].content[0].type', { messages: [{ role: 'user', content: [{ text: 'a' }] }] }],
  ['messages[0].content[0]', { messages: [{ role: 'user', content: [null] }] }],
  [
    'messages[0].content[0]',
    { messages: [{ role: 'user', content: [{ type: 'container_upload', file_id: 'f' }] }] },
  ],
  [
    'messages[0].content[0].source.file_id',
    {
      messages: [
        {
          role: 'user',
          content: [{ type: 'image', source: { type: 'file', file_id: 'file_1' } }],
        },
      ],
    },
  ],
  [
    'messages[0].content[0].tool_use_id',
    {
      messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'unknown' }] }],
    },
  ],
  [
    'messages[1].content[0]',
    {
      messages: [
        ...HELLO,
        {
          role: 'assistant',
          content: [{ type: 'server_tool_use', id: 's', name: 'web_search', input: {} }],
        },
      ],
    },
  ],
  ['system[0]', { messages: HELLO, system: [{ type: 'image', source: {} }] }],
  ['max_tokens', { messages: HELLO, max_tokens: 'many' }],
  ['tools[0].input_schema', { messages: HELLO, tools: [{ name: 'a' }] }],
  ['tool_choice.type', { messages: HELLO, tool_choice: { type: 'any' } }],
  [
    'tool_choice.name',
    {
      messages: HELLO,
      tools: [{ type: 'bash_20250124', name: 'bash' }],
      tool_choice: { type: 'tool', name: 'bash' },
    },
  ],
  ['thinking.type', { messages: HELLO, thinking: { type: 'deep' } }],
  ['thinking.budget_tokens', { messages: HELLO, thinking: { type: 'enabled' } }],
  ['output_config.effort', { messages: HELLO, output_config: { effort: 'much' } }],
  ['output_config.format.type', { messages: HELLO, output_config: { format: { type: 'xml' } } }],
  ['inference_geo', { messages: HELLO, inference_geo: 'us' }],
])('%s makes a request untranslatable', (field, body) => {
  let thrown: unknown;
  try {
    messages.read(body);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(UntranslatableError);
  expect(thrown).toMatchObject({ field });
});
