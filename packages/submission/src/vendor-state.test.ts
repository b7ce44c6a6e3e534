import { expect, test } from 'vitest';
import { vendorStateIn } from './vendor-state.ts';

const model = 'any';

test.each([
  ['previous_response_id', { model, previous_response_id: 'resp_1' }],
  ['conversation', { model, conversation: { id: 'conv_1' } }],
  ['prompt.id', { model, prompt: { id: 'pmpt_1' } }],
  ['container', { model, container: 'container_1' }],
  ['container.id', { model, container: { id: 'container_1', skills: [] } }],
  [
    'input[0].content[1].file_id',
    {
      model,
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is this?' },
            { type: 'input_file', file_id: 'file-1' },
          ],
        },
      ],
    },
  ],
  [
    'input[0].output[0].file_id',
    {
      model,
      input: [
        { type: 'function_call_output', output: [{ type: 'input_image', file_id: 'file-1' }] },
      ],
    },
  ],
  [
    'messages[0].content[0].file.file_id',
    {
      model,
      messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }],
    },
  ],
  [
    'messages[0].content[0].source.file_id',
    {
      model,
      messages: [
        {
          role: 'user',
          content: [{ type: 'document', source: { type: 'file', file_id: 'file_1' } }],
        },
      ],
    },
  ],
  [
    'tools[0].vector_store_ids',
    { model, tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }] },
  ],
  [
    'tools[0].container.file_ids',
    {
      model,
      tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: ['file-1'] } }],
    },
  ],
])('%s names what only one vendor holds', (path, body) => {
  expect(vendorStateIn(body)).toBe(path);
});

test('a tool that speaks of file ids, and files that are sent whole, name nothing at a vendor', () => {
  expect(
    vendorStateIn({
      model,
      previous_response_id: null,
      container: { skills: [{ type: 'anthropic', skill_id: 'xlsx' }] },
      messages: [
        { role: 'user', content: 'open file_id file-1' },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 't', name: 'open', input: { file_id: 'file-1' } }],
        },
        { role: 'user', content: [{ type: 'file', file: { file_data: 'data:,x' } }] },
        {
          role: 'user',
          content: [{ type: 'document', source: { type: 'base64', data: 'AA==' } }],
        },
      ],
      tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: [] } }],
    }),
  ).toBeUndefined();
});
