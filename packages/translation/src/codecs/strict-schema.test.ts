import { expect, test } from 'vitest';
import { translate } from '../translate.ts';
import { withQualifiedStrictness } from './strict-schema.ts';

const STRICT = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: {
    city: { type: 'string', enum: ['Oslo', 'Rome'] },
    days: { type: ['integer', 'null'], minimum: 1 },
    stops: { type: 'array', items: { $ref: '#/$defs/stop' }, maxItems: 3 },
    at: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
  },
  required: ['city', 'days', 'stops', 'at'],
  additionalProperties: false,
  $defs: {
    stop: {
      type: 'object',
      properties: { name: { type: 'string', pattern: '^[A-Z]' } },
      required: ['name'],
      additionalProperties: false,
    },
  },
};

/** As Anthropic's own examples are: with a property that may be left out. */
const WITH_OPTIONAL = { ...STRICT, required: ['city'] };

const stop = STRICT.$defs.stop;
const withStop = (changed: object) => ({ ...STRICT, $defs: { stop: { ...stop, ...changed } } });
const withCity = (city: unknown) => ({ ...STRICT, properties: { ...STRICT.properties, city } });

test('a schema that strict mode takes stays strict', () => {
  const holder = { name: 'f', strict: true, schema: STRICT };
  expect(withQualifiedStrictness(holder, 'schema')).toEqual({ holder });
});

test.for<[string, unknown]>([
  ['a property is optional', WITH_OPTIONAL],
  ['a property is optional', withStop({ required: [] })],
  ['an object does not forbid additional properties', withStop({ additionalProperties: true })],
  ['an object does not forbid additional properties', withCity({ type: ['object', 'null'] })],
  ['an object does not list its properties', withStop({ properties: undefined })],
  ['strict mode does not know the keyword oneOf', withCity({ oneOf: [{ type: 'string' }] })],
  ['strict mode does not know the keyword minLength', withCity({ type: 'string', minLength: 1 })],
  ['strict mode does not know one of its keywords', withCity({ type: 'string', 'x y': 1 })],
  ['strict mode does not know a format', withCity({ type: 'string', format: 'uri' })],
  ['a part of the schema has no type', withCity({ description: 'any' })],
  ['a part of the schema allows any value', withCity(true)],
  ['an array has no items', withCity({ type: 'array' })],
  ['the schema is not one of an object', { type: 'array', items: { type: 'string' } }],
  ['the schema is not one of an object', { ...STRICT, anyOf: [{ type: 'object' }] }],
])('%s: the schema is not asked for strictly', ([obstacle, schema]) => {
  const holder = { strict: true, schema: JSON.parse(JSON.stringify(schema)) as unknown };
  expect(withQualifiedStrictness(holder, 'schema')).toEqual({
    holder: { ...holder, strict: false },
    obstacle,
  });
});

test.for([undefined, false])('a schema that is not asked for strictly (%s) stays so', (strict) => {
  const holder = { strict, parameters: WITH_OPTIONAL };
  expect(withQualifiedStrictness(holder, 'parameters')).toEqual({ holder });
});

async function translated(
  from: 'chat-completions' | 'responses' | 'messages',
  to: 'chat-completions' | 'responses',
  body: object,
) {
  const text = Buffer.from(JSON.stringify(body));
  const { body: sent, losses } = await translate({ from, to, model: 'gpt-5.5', body: text });
  return { sent: JSON.parse(Buffer.from(sent).toString()), losses };
}

const messagesBody = (schema: object, strict?: boolean) => ({
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hi' }],
  tools: [{ name: 'f', input_schema: schema, ...(strict !== undefined && { strict }) }],
  output_config: { format: { type: 'json_schema', schema } },
});

const strictnessIn = (sent: unknown): unknown[] =>
  [...JSON.stringify(sent).matchAll(/"strict":(\w+)/g)].map(([, strict]) => strict);

test.for(['chat-completions', 'responses'] as const)(
  "Anthropic's schema with optional properties goes to %s without strictness, and this is told",
  async (to) => {
    const loose = await translated('messages', to, messagesBody(WITH_OPTIONAL, true));
    expect(strictnessIn(loose.sent)).toEqual(['false', 'false']);
    const message = 'not enforced strictly: a property is optional';
    expect(loose.losses).toEqual([
      { field: 'output_config.format', message },
      { field: 'tools', message },
    ]);

    const strict = await translated('messages', to, messagesBody(STRICT, true));
    expect(strictnessIn(strict.sent)).toEqual(['true', 'true']);
    expect(strict.losses).toEqual([]);
  },
);

test('where the caller says nothing of strictness, none is asked for, and none is told as lost', async () => {
  const chat = {
    messages: [{ role: 'user', content: 'Hi' }],
    tools: [{ type: 'function', function: { name: 'f', parameters: WITH_OPTIONAL } }],
    response_format: { type: 'json_schema', json_schema: { name: 'r', schema: WITH_OPTIONAL } },
  };
  const inResponses = await translated('chat-completions', 'responses', chat);
  expect(inResponses.sent.text.format.strict).toBe(false);
  expect(inResponses.sent.tools[0].strict).toBe(false);
  expect(inResponses.losses).toEqual([]);

  const responses = {
    input: 'Hi',
    tools: [{ type: 'function', name: 'f', parameters: WITH_OPTIONAL }],
    text: { format: { type: 'json_schema', name: 'r', schema: WITH_OPTIONAL } },
  };
  const inChat = await translated('responses', 'chat-completions', responses);
  expect(inChat.sent.response_format.json_schema.strict).toBe(false);
  expect(inChat.sent.tools[0].function).not.toHaveProperty('strict');
  expect(inChat.losses).toEqual([]);

  const fromMessages = await translated('messages', 'responses', messagesBody(STRICT));
  expect(fromMessages.sent.tools[0].strict).toBe(false);
});
