import type { CallerDialect, Registration } from '@understudy/contracts';
import { registrationOf } from '@understudy/routing/testing';
import { expect, test } from 'vitest';
import { shapeBody } from './shape-body.ts';

const CLAUDES = {
  dialects: ['messages' as const],
  models: {
    'claude-opus-4-7': 'databricks-claude-opus-4-7',
    'claude-opus-4-6': 'databricks-claude-opus-4-6',
  },
};

async function shaped(
  members: object,
  sent: string,
  registration: Partial<Registration>,
  dialect: CallerDialect = 'messages',
  drawn: string | null = sent,
  betas?: string[],
) {
  const shaping = await shapeBody({
    dialect,
    body: Buffer.from(JSON.stringify({ model: 'opus', ...members })),
    requested: 'claude-opus-4-7',
    drawn: drawn ?? undefined,
    sent,
    registration: registrationOf('databricks', registration),
    betas,
  });
  if (shaping.kind !== 'shaped') throw new Error(`not shaped: ${shaping.kind}`);
  return shaping.shaped;
}

test('the body is made for the model that was drawn, not for the one that was asked for', async () => {
  const members = { max_tokens: 50, temperature: 0.2, messages: [{ role: 'user', content: 'Hi' }] };
  const newer = await shaped(members, 'databricks-claude-opus-4-7', CLAUDES);
  expect(newer.edits).toEqual({ temperature: undefined });
  expect(newer.losses).toMatchObject([{ field: 'temperature' }]);
  const older = await shaped(members, 'databricks-claude-opus-4-6', CLAUDES);
  expect(older).toMatchObject({ edits: {}, losses: [], needs: { maxOutputTokens: 50 } });
});

test('a body in the provider’s own dialect stays byte for byte', async () => {
  const { body, translation } = await shaped({ odd: 1 }, 'databricks-claude-opus-4-7', CLAUDES);
  expect(String(body)).toBe('{"model":"opus","odd":1}');
  expect(translation).toBeUndefined();
});

const RESPONSES = { dialects: ['responses' as const], models: { 'gpt-5.5': 'gpt-5.5' } };
const MADE_UP_ID = 'rs_01jd8z3v7k9m2n4p6q8r0s1t2v_0';
const SUMMARY = [{ type: 'summary_text', text: 'A greeting.' }];
const MADE_UP = { id: MADE_UP_ID, type: 'reasoning', summary: SUMMARY };
const TURNS = [
  { role: 'user', content: 'Hi' },
  { id: 'msg_01jd8z3v7k9m2n4p6q8r0s1t2v_1', type: 'message', role: 'assistant', content: 'Hello' },
];

test.each([{}, { encrypted_content: null }])(
  'reasoning that only this broker knows by its id is taken out of a Responses body, and told: %j',
  async (more) => {
    const [user, assistant] = TURNS;
    const members = { input: [user, { ...MADE_UP, ...more }, assistant] };
    const { edits, losses } = await shaped(members, 'gpt-5.5', RESPONSES, 'responses');
    expect(edits).toEqual({ input: TURNS });
    expect(losses).toEqual([{ field: 'input', message: expect.stringContaining('reasoning') }]);
  },
);

test.each<[string, unknown]>([
  ['a text', `What is ${MADE_UP_ID}?`],
  ['a turn', [{ role: 'user', content: `What is ${MADE_UP_ID}?` }]],
  ['an item of another type', [{ ...MADE_UP, type: 'item_reference' }]],
  ['what its vendor can read', [{ ...MADE_UP, encrypted_content: 'gAAAA' }]],
  [
    'an id of a vendor',
    [{ ...MADE_UP, id: 'rs_0c106b47ac8c42f100690e6857b1988197aba8adb5fa52d7d' }],
  ],
])('a Responses body stays as it is where the id stands in %s', async (_where, input) => {
  const { edits, losses } = await shaped({ input }, 'gpt-5.5', RESPONSES, 'responses');
  expect({ edits, losses }).toEqual({ edits: {}, losses: [] });
});

test('a body in another dialect is translated, and says how the answer comes back', async () => {
  const members = { messages: [{ role: 'user', content: 'Hi' }], n: 2 };
  const made = await shaped(members, 'databricks-claude-opus-4-7', CLAUDES, 'chat-completions');
  expect(made.dialect).toBe('messages');
  expect(JSON.parse(String(made.body))).toMatchObject({ max_tokens: expect.any(Number) });
  expect(made.losses).toMatchObject([{ field: 'n' }]);
  expect(made.translation).toBeDefined();
});

test('a surface hears of the betas that were asked for with a body in its own dialect', async () => {
  const [sent, betas] = ['databricks-claude-opus-4-6', ['one-2025-01-01']];
  const own = await shaped({}, sent, CLAUDES, 'messages', sent, betas);
  expect(own.needs).toEqual({ askedBetas: betas });
  const members = { max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] };
  const other: Partial<Registration> = { dialects: ['chat-completions'] };
  const translated = await shaped(members, sent, other, 'messages', sent, betas);
  expect(translated.dialect).toBe('chat-completions');
  expect(translated.needs).not.toHaveProperty('askedBetas');
});

test('a surface hears our name of the model only where the provider’s own table chose the name', async () => {
  const sent = 'databricks-claude-opus-4-7';
  const byTable = await shaped({}, sent, CLAUDES, 'messages', null);
  expect(byTable.needs.canonical).toBe('claude-opus-4-7');
  expect((await shaped({}, sent, CLAUDES)).needs).not.toHaveProperty('canonical');
  const byOurName = await shaped({}, sent, CLAUDES, 'messages', 'claude-opus-4-7');
  expect(byOurName.needs.canonical).toBe('claude-opus-4-7');
  const overrides = { 'claude-opus-4-7': 'our-own' };
  const byOperator = { ...CLAUDES, overrides };
  const own = await shaped({}, 'our-own', byOperator, 'messages', null);
  expect(own.needs).not.toHaveProperty('canonical');
});

const REFUSED = [
  { path: 'store', holds: false, message: 'nothing is stored' },
  { path: 'tools[].function.strict', holds: false, message: 'no strict tools' },
];
const REFUSING = {
  dialects: ['chat-completions' as const],
  refuses: { 'chat-completions': REFUSED },
};
const SENT = 'databricks-llama';

test('what a provider refuses of its dialect is taken out and told, wherever it stands', async () => {
  const strict = { type: 'function', function: { name: 'f', strict: true, parameters: {} } };
  const large = { type: 'function', function: { name: 'g', strict: false, n: 1 } };
  const members = { store: true, tools: [strict, large] };
  const { edits, losses } = await shaped(members, SENT, REFUSING, 'chat-completions');
  expect(edits).toEqual({
    store: undefined,
    tools: [
      { type: 'function', function: { name: 'f', parameters: {} } },
      { type: 'function', function: { name: 'g', n: 1 } },
    ],
  });
  expect(Object.hasOwn(edits, 'store')).toBe(true);
  expect(losses).toEqual([
    { field: 'store', message: 'nothing is stored' },
    { field: 'tools[].function.strict', message: 'no strict tools' },
  ]);
});

test.each([
  { store: false },
  { store: null },
  { tools: [{ type: 'function', function: { name: 'f', strict: false } }] },
])('what holds anyway is taken out without a word: %j', async (members) => {
  const { edits, losses } = await shaped(members, SENT, REFUSING, 'chat-completions');
  expect(Object.keys(edits)).toEqual(Object.keys(members));
  expect(losses).toEqual([]);
});

test('a body without what is refused is not edited, whatever its members hold', async () => {
  const members = { tools: [{ type: 'function', function: { name: 'f' } }, null, 7], n: 2 };
  const { edits, losses } = await shaped(members, SENT, REFUSING, 'chat-completions');
  expect({ edits, losses }).toEqual({ edits: {}, losses: [] });
});

const NEAR = {
  path: 'output_config.format',
  message: 'no schema here',
  models: ['claude-opus-4-7'],
  by: 'converse' as const,
};
const BY_ANOTHER = {
  ...CLAUDES,
  dialects: ['converse' as const, 'messages' as const],
  refuses: { messages: [NEAR] },
};
const SCHEMA = { type: 'object', properties: {}, additionalProperties: false };
const WITH_SCHEMA = {
  max_tokens: 5,
  messages: [{ role: 'user', content: 'Hi' }],
  output_config: { format: { type: 'json_schema', schema: SCHEMA }, effort: 'high' },
};

test.each([
  ['in the dialect that has more of it', 'databricks-claude-opus-4-7', WITH_SCHEMA, 'converse'],
  ['as it is of another model', 'databricks-claude-opus-4-6', WITH_SCHEMA, 'messages'],
  [
    'as it is without the refused member',
    'databricks-claude-opus-4-7',
    { ...WITH_SCHEMA, output_config: { effort: 'high' } },
    'messages',
  ],
])(
  'a body of a caller whose own dialect is refused a member is sent %s',
  async (_how, sent, members, dialect) => {
    const made = await shaped(members, sent, BY_ANOTHER);
    expect(made.dialect).toBe(dialect);
  },
);

test('where the model is spoken to in no such dialect the member is taken out, and told', async () => {
  const only = { ...BY_ANOTHER, dialects: ['messages' as const] };
  const { dialect, edits, losses } = await shaped(WITH_SCHEMA, 'databricks-claude-opus-4-7', only);
  expect({ dialect, edits }).toEqual({
    dialect: 'messages',
    edits: { output_config: { effort: 'high' } },
  });
  expect(losses).toEqual([{ field: 'output_config.format', message: 'no schema here' }]);
  const { output_config: config, ...others } = WITH_SCHEMA;
  const bare = { ...others, output_config: { format: config.format } };
  const without = await shaped(bare, 'databricks-claude-opus-4-7', only);
  expect(without.edits).toEqual({ output_config: undefined });
});

test('a refused member of a translated body is told by its path in the caller’s body', async () => {
  const members = {
    max_tokens: 5,
    messages: [{ role: 'user', content: 'Hi' }],
    tools: [
      {
        name: 'f',
        strict: true,
        input_schema: { type: 'object', properties: {}, additionalProperties: false },
      },
    ],
  };
  const { edits, losses } = await shaped(members, SENT, REFUSING, 'messages');
  expect(JSON.stringify(edits)).not.toContain('strict');
  expect(losses).toMatchObject([{ field: 'tools[].strict' }]);
});

test('stop sequences are cut to those that the provider takes of any model, and this is told', async () => {
  const members = {
    max_tokens: 50,
    messages: [{ role: 'user', content: 'Hi' }],
    stop_sequences: ['a', 'b', 'c', 'd', 'e'],
  };
  const open: Partial<Registration> = { dialects: ['chat-completions'] };
  const all = await shaped(members, SENT, open);
  expect(JSON.parse(String(all.body))).toMatchObject({ stop: members.stop_sequences });
  expect(all.losses).toEqual([]);
  const cut = await shaped(members, SENT, { ...open, most_stops: { 'chat-completions': 4 } });
  expect(JSON.parse(String(cut.body))).toMatchObject({ stop: ['a', 'b', 'c', 'd'] });
  expect(cut.losses).toMatchObject([{ field: 'stop_sequences' }]);
});

const SOL = 'gpt-5.6-sol';
const OF_OPENAI = {
  dialects: ['chat-completions' as const, 'responses' as const],
  reasons_beside_functions_in: 'responses' as const,
  models: { [SOL]: SOL },
};
const FUNCTIONS = { tools: [{ name: 'f', input_schema: SCHEMA }] };
const ADAPTIVE = { thinking: { type: 'adaptive', display: 'omitted' } };
const REASONED = { ...FUNCTIONS, ...ADAPTIVE };
const STOPPED = {
  max_tokens: 50,
  messages: [{ role: 'user', content: 'Hi' }],
  stop_sequences: ['END'],
};

test.each([
  ['with functions', FUNCTIONS, 'chat-completions', []],
  ['with functions, and sampling', { ...FUNCTIONS, temperature: 0.2 }, 'chat-completions', []],
  ['that think without functions', ADAPTIVE, 'chat-completions', []],
  ['that think beside functions', REASONED, 'responses', ['stop_sequences']],
  [
    'that think so much beside functions',
    { ...FUNCTIONS, thinking: { type: 'enabled', budget_tokens: 2000, display: 'omitted' } },
    'responses',
    ['thinking.budget_tokens', 'stop_sequences'],
  ],
  [
    'with an effort beside functions',
    { ...FUNCTIONS, output_config: { effort: 'low' } },
    'responses',
    ['stop_sequences'],
  ],
  [
    'that think beside functions not to be called',
    { ...REASONED, tool_choice: { type: 'none' } },
    'responses',
    ['stop_sequences'],
  ],
  [
    'with functions, and no reasoning',
    { ...FUNCTIONS, thinking: { type: 'disabled' } },
    'chat-completions',
    [],
  ],
])(
  'Messages %s reach a model that reasons beside them in responses alone where most is kept',
  async (_which, members, dialect, lost) => {
    const made = await shaped({ ...STOPPED, ...members }, SOL, OF_OPENAI);
    expect(made.dialect).toBe(dialect);
    expect(made.losses.map(({ field }) => field)).toEqual(lost);
  },
);

test.each(['auto', 'none'])(
  'such a model is asked in chat completions where nothing is known of the provider’s responses, and told not to reason: %s',
  async (type) => {
    const { reasons_beside_functions_in: _, ...unknown } = OF_OPENAI;
    const made = await shaped({ ...STOPPED, ...REASONED, tool_choice: { type } }, SOL, unknown);
    expect(made.dialect).toBe('chat-completions');
    expect(JSON.parse(String(made.body))).toMatchObject({ reasoning_effort: 'none' });
    expect(made.losses).toMatchObject([{ field: 'thinking' }]);
  },
);

test('such a model gets functions in chat completions where it is spoken to in no other dialect', async () => {
  const only = { ...OF_OPENAI, dialects: ['chat-completions' as const] };
  const made = await shaped({ ...STOPPED, ...REASONED }, SOL, only);
  expect(made.dialect).toBe('chat-completions');
});

test('such a model on Bedrock gets functions in responses too', async () => {
  const spoken = ['chat-completions' as const, 'responses' as const, 'converse' as const];
  const sent = 'global.openai.gpt-5.6-sol';
  const bedrock = {
    models: { [SOL]: sent },
    dialects_by_model: { [SOL]: spoken },
    reasons_beside_functions_in: 'responses' as const,
  };
  const made = await shaped({ ...STOPPED, ...REASONED }, sent, bedrock, 'messages', SOL);
  expect(made.dialect).toBe('responses');
  expect((await shaped(STOPPED, sent, bedrock, 'messages', SOL)).dialect).toBe('chat-completions');
});

test('other models get functions in the dialect that comes first', async () => {
  const earlier = { ...OF_OPENAI, models: { 'gpt-5.5': 'gpt-5.5' } };
  const made = await shaped({ ...STOPPED, ...REASONED }, 'gpt-5.5', earlier);
  expect(made.dialect).toBe('chat-completions');
});
