import { expect, test } from 'vitest';
import { UntranslatableError } from '../loss.ts';
import { chatCompletions } from './chat-completions/chat-completions.ts';
import { messages } from './messages/messages.ts';

const readInChat = (parameters: unknown) =>
  chatCompletions.read({
    messages: [{ role: 'user', content: 'Hi' }],
    tools: [{ type: 'function', function: { name: 'f', parameters } }],
  });
const readInMessages = (schema: unknown) =>
  messages.read({
    messages: [{ role: 'user', content: 'Hi' }],
    max_tokens: 1,
    output_config: { format: { type: 'json_schema', schema } },
  });

test('a schema is carried as it stands, with keywords that nobody here knows', () => {
  const schema = {
    type: 'object',
    properties: { a: true, b: { anyOf: [{ pattern: '^x' }, { const: null }] } },
    required: ['a'],
    dependencies: { a: ['b'] },
    items: [{}],
    default: null,
    'x-order': 3,
  };
  expect(readInChat(schema).options.tools).toMatchObject([{ inputSchema: schema }]);
  expect(readInMessages(schema).options.responseFormat).toMatchObject({ schema });
});

test.for<object>([
  { properties: { a: null } },
  { properties: { a: { items: 'string' } } },
  { anyOf: { type: 'string' } },
  { additionalProperties: 'no' },
  { $defs: { a: [] } },
  { pattern: 5 },
  { description: 5 },
  { required: 'a' },
])('a schema with a part that is none is untranslatable, with its place: %j', (schema) => {
  expect(() => readInChat(schema)).toThrow(UntranslatableError);
  expect(() => readInChat(schema)).toThrow(/^tools\[0\]\.function\.parameters cannot/);
  expect(() => readInMessages(schema)).toThrow(/^output_config\.format\.schema cannot/);
});
