import { expect, test } from 'vitest';
import type { JsonObject } from '../../translator.ts';
import { messages } from './messages.ts';

const HELLO = [{ role: 'user', content: 'Hello' }];

function promptOf(turns: readonly JsonObject[]) {
  return messages.read({ max_tokens: 100, messages: turns });
}

test.each<[field: string, body: JsonObject]>([
  ['container', { container: 'container_1' }],
  ['mcp_servers', { mcp_servers: [{ type: 'url', url: 'https://example.com', name: 'x' }] }],
  ['context_management', { context_management: { edits: [] } }],
  ['speed', { speed: 'fast' }],
  ['diagnostics', { diagnostics: {} }],
  ['thinking.display', { thinking: { type: 'adaptive', display: 'summarized' } }],
  ['thinking.type', { thinking: { type: 'between_tools' } }],
  ['output_config.effort', { thinking: { type: 'disabled' }, output_config: { effort: 'low' } }],
  ['output_config.task_budget', { output_config: { task_budget: 5 } }],
  ['tools[]', { tools: [{ type: 'web_search_20260318', name: 'web_search', max_uses: 3 }] }],
  [
    'tools[].defer_loading',
    { tools: [{ name: 'a', input_schema: { type: 'object' }, defer_loading: true }] },
  ],
  [
    'tools[].allowed_callers',
    {
      tools: [
        { name: 'a', input_schema: {}, allowed_callers: ['direct', 'code_execution_20260521'] },
      ],
    },
  ],
])('%s is told as the one loss', (field, members) => {
  const { losses } = messages.read({ messages: HELLO, ...members });
  expect(losses.map((loss) => loss.field)).toEqual([field]);
});

test.each<[field: string, content: JsonObject[]]>([
  ['messages[].content[].citations', [{ type: 'text', text: 'a', citations: [{ type: 'x' }] }]],
  [
    'messages[].content[].caller.type',
    [
      {
        type: 'tool_use',
        id: 't',
        name: 'a',
        input: {},
        caller: { type: 'code_execution_20260120', tool_id: 's' },
      },
    ],
  ],
  [
    'messages[].content[]',
    [
      { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'Rome' } },
      { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
      { type: 'text', text: 'Rome is a city.' },
    ],
  ],
])('%s of an earlier answer is told as the one loss', (field, content) => {
  const { losses } = promptOf([{ role: 'assistant', content }, ...HELLO]);
  expect(losses.map((loss) => loss.field)).toEqual([field]);
});

test('a begun answer is kept, and told as what other models may not continue', () => {
  const { options, losses } = promptOf([...HELLO, { role: 'assistant', content: '{' }]);
  expect(options.prompt.at(-1)).toEqual({
    role: 'assistant',
    content: [{ type: 'text', text: '{' }],
  });
  expect(losses.map((loss) => loss.field)).toEqual(['messages']);
});
