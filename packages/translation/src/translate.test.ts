import type { CallerDialect, Dialect } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { codecOf } from './codecs/codec-of.ts';
import { UntranslatableError } from './loss.ts';
import { canTranslate, translate, UnreadableAnswerError } from './translate.ts';

const RECEIVED = {
  id: '1',
  model: 'served',
  createdAt: 1_700_000_000_000,
  usage: { input_tokens: 3, output_tokens: 2 },
};
const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const TOOL = { name: 'weather', description: 'Tells the weather', parameters: SCHEMA };
const QUESTION = { messages: [{ role: 'user', content: 'Weather in Oslo?' }] };
const GREETED = { max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] };
const WITH_TOOL = { ...QUESTION, tools: [{ type: 'function', function: TOOL }] };
const WITH_SCHEMA = {
  ...QUESTION,
  response_format: {
    type: 'json_schema',
    json_schema: { name: 'place', strict: true, schema: SCHEMA },
  },
};

async function translated(
  to: Dialect,
  model: string,
  body: object,
  from: CallerDialect = 'chat-completions',
) {
  const translation = await translate({ from, to, model, body: Buffer.from(JSON.stringify(body)) });
  return {
    ...translation,
    sent: JSON.parse(Buffer.from(translation.body).toString()),
    fields: translation.losses.map(({ field }) => field),
    async answered(answer: object) {
      const received = { ...RECEIVED, body: Buffer.from(JSON.stringify(answer)) };
      return JSON.parse((await translation.answer(received)).body.toString());
    },
  };
}

const claude = (content: object[], stop_reason: string) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude',
  content,
  stop_reason,
  usage: { input_tokens: 1, output_tokens: 1 },
});
const gemini = (parts: object[], finishReason: string) => ({
  candidates: [{ content: { role: 'model', parts }, finishReason }],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
});
const geminiResult = (content: string) => ({
  functionResponse: { name: 'weather', response: { name: 'weather', content } },
});
const bedrock = (content: object[], stopReason: string) => ({
  output: { message: { role: 'assistant', content } },
  stopReason,
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
});
const openai = (message: object, finish_reason: string) => ({
  id: 'chatcmpl-1',
  model: 'gpt',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
});

test('a dialect is translated to every other of its task, and to no other', () => {
  expect(canTranslate('messages', 'converse')).toBe(true);
  expect(canTranslate('responses', 'chat-completions')).toBe(true);
  expect(canTranslate('embeddings', 'embed-content')).toBe(true);
  expect(canTranslate('messages', 'messages')).toBe(false);
  expect(canTranslate('embeddings', 'chat-completions')).toBe(false);
  expect(canTranslate('chat-completions', 'invoke-embedding')).toBe(false);
});

test('a body in the same dialect is never translated', async () => {
  await expect(translated('chat-completions', 'gpt-4o', QUESTION)).rejects.toThrow(
    /not translated/,
  );
});

test('a body that is no object is refused by name', async () => {
  await expect(translated('messages', 'claude-opus-4-6', [])).rejects.toThrow(UntranslatableError);
});

test.for([
  ['messages', 'claude-opus-4-6', claude([{ type: 'text', text: 'Sun' }], 'end_turn')],
  ['generate-content', 'gemini-3.5-flash', gemini([{ text: 'Sun' }], 'STOP')],
  ['converse', 'llama-3.3-70b-instruct', bedrock([{ text: 'Sun' }], 'end_turn')],
] as const)(
  'a plain answer in %s reaches a chat completions caller',
  async ([to, model, answer]) => {
    const { answered } = await translated(to, model, QUESTION);
    expect(await answered(answer)).toMatchObject({
      id: 'chatcmpl-1',
      model: 'served',
      choices: [{ message: { role: 'assistant', content: 'Sun' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 2 },
    });
  },
);

test.for([
  [
    'messages',
    'claude-opus-4-6',
    claude([{ type: 'tool_use', id: 'c1', name: 'weather', input: { city: 'Oslo' } }], 'tool_use'),
  ],
  [
    'generate-content',
    'gemini-3.5-flash',
    gemini([{ functionCall: { id: 'c1', name: 'weather', args: { city: 'Oslo' } } }], 'STOP'),
  ],
  [
    'converse',
    'llama-3.3-70b-instruct',
    bedrock(
      [{ toolUse: { toolUseId: 'c1', name: 'weather', input: { city: 'Oslo' } } }],
      'tool_use',
    ),
  ],
] as const)('a tool call in %s reaches a chat completions caller', async ([to, model, answer]) => {
  const { answered } = await translated(to, model, WITH_TOOL);
  const { choices } = await answered(answer);
  expect(choices[0]).toMatchObject({
    message: { tool_calls: [{ id: 'c1', function: { name: 'weather' } }] },
    finish_reason: 'tool_calls',
  });
  expect(JSON.parse(choices[0].message.tool_calls[0].function.arguments)).toEqual({ city: 'Oslo' });
});

test('a call of Gemini without an id gets one, by which its result is found again', async () => {
  const { answered } = await translated('generate-content', 'gemini-2.5-flash', WITH_TOOL);
  const call = { functionCall: { name: 'weather', args: { city: 'Oslo' } } };
  const { choices } = await answered(gemini([call, call], 'STOP'));
  const ids = choices[0].message.tool_calls.map(({ id }: { id: string }) => id);
  expect(new Set(ids).size).toBe(2);
});

test.for([
  [
    'messages',
    'claude-sonnet-4',
    claude([{ type: 'tool_use', id: 'c1', name: 'json', input: { city: 'Oslo' } }], 'tool_use'),
  ],
  [
    'converse',
    'llama-3.3-70b-instruct',
    bedrock([{ toolUse: { toolUseId: 'c1', name: 'json', input: { city: 'Oslo' } } }], 'tool_use'),
  ],
] as const)(
  'a schema that %s asks for by a tool is answered with text, and no tool call',
  async ([to, model, answer]) => {
    const { answered, sent, fields } = await translated(to, model, WITH_SCHEMA);
    expect(JSON.stringify(sent)).toContain('"name":"json"');
    const { choices } = await answered(answer);
    expect(choices[0].message.content).toBe('{"city":"Oslo"}');
    expect(choices[0].message.tool_calls).toBeUndefined();
    expect(choices[0].finish_reason).toBe('stop');
    expect(fields).toEqual(['response_format.json_schema.strict']);
  },
);

test("a caller's tool that is called like the one for the schema makes the target be skipped", async () => {
  const tools = [{ type: 'function', function: { ...TOOL, name: 'json' } }];
  const refused = translated('converse', 'llama-3.3-70b-instruct', { ...WITH_SCHEMA, tools });
  await expect(refused).rejects.toThrow('tools cannot be translated');
});

test('an answer that Gemini broke off counts as cut, and is not asked for again', async () => {
  const { answered } = await translated('generate-content', 'gemini-3.5-flash', QUESTION);
  const { candidates } = gemini([{ text: 'Su' }], 'CONTINUATION');
  const cut = { candidates: [{ ...candidates[0], continuationToken: 'more' }] };
  expect((await answered(cut)).choices).toMatchObject([
    { message: { content: 'Su' }, finish_reason: 'length' },
  ]);
});

test.for([
  ['messages', 'claude-opus-4-6', claude([], 'refusal')],
  ['generate-content', 'gemini-3.5-flash', gemini([], 'SAFETY')],
  ['generate-content', 'gemini-3.5-flash', { promptFeedback: { blockReason: 'SAFETY' } }],
  ['converse', 'llama-3.3-70b-instruct', bedrock([], 'guardrail_intervened')],
] as const)('a refusal in %s is a refusal to the caller', async ([to, model, answer]) => {
  const { answered } = await translated(to, model, QUESTION);
  expect((await answered(answer)).choices[0].finish_reason).toBe('content_filter');
});

test.for([
  ['converse', 'claude-haiku-4-5', bedrock([{ text: 'Su' }], 'model_context_window_exceeded')],
  ['chat-completions', 'mistral-large-2512', openai({ content: 'Su' }, 'model_length')],
] as const)('an answer in %s that filled the window counts as cut', async ([to, model, answer]) => {
  const { answered } = await translated(to, model, { input: 'Weather in Oslo?' }, 'responses');
  expect(await answered(answer)).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
  });
});

test('reasoning that a server tells beside its answer is kept apart from it', async () => {
  const body = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] };
  const { answered } = await translated('chat-completions', 'deepseek-v4-pro', body, 'messages');
  const answer = openai({ content: 'Hi', reasoning_content: 'They greet me.' }, 'stop');
  const { content } = await answered(answer);
  expect(content).toMatchObject([{ type: 'text', text: 'Hi' }]);
});

test("the signature of Gemini's calls goes to the caller and back", async () => {
  const { answered } = await translated('generate-content', 'gemini-3.5-flash', WITH_TOOL);
  const call = { functionCall: { name: 'weather', args: {} }, thoughtSignature: 'signed' };
  const { choices } = await answered(gemini([call], 'STOP'));
  const [made] = choices[0].message.tool_calls;
  const result = { role: 'tool', tool_call_id: made.id, content: 'Sun' };
  const again = await translated('generate-content', 'gemini-3.5-flash', {
    ...WITH_TOOL,
    messages: [...QUESTION.messages, choices[0].message, result],
  });
  expect(again.sent.contents[1].parts[0].thoughtSignature).toBe('signed');
});

test.for([
  ['messages', 'claude-opus-4-6', { content: 'secret words' }],
  ['generate-content', 'gemini-3.5-flash', { candidates: 'secret words' }],
  ['converse', 'nova-pro', { output: 'secret words' }],
  ['responses', 'gpt-5.5', { output: 'secret words' }],
] as const)(
  'an answer that is not of the shape of %s is told without a word of it',
  async ([to, model, answer]) => {
    const { answered } = await translated(to, model, QUESTION);
    const error: unknown = await answered(answer).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreadableAnswerError);
    expect(String(error)).not.toContain('secret');
    expect((error as Error).cause).toBeUndefined();
  },
);

test('log probabilities of a chat completions server are kept beside its answer', async () => {
  const codec = await codecOf('chat-completions');
  const logprobs = { content: [{ token: 'Hi', logprob: -0.1, top_logprobs: [] }] };
  const answer = { choices: [{ ...openai({ content: 'Hi' }, 'stop').choices[0], logprobs }] };
  const request = { options: { prompt: [] }, extras: {}, losses: [] };
  const decoded = await codec.decode(request, 'gpt-4o', Buffer.from(JSON.stringify(answer)));
  expect(decoded.providerMetadata?.['openai']).toEqual({ logprobs: logprobs.content });
});

test('JSON without a schema is told where it cannot be asked for', async () => {
  const body = { ...QUESTION, response_format: { type: 'json_object' } };
  for (const [to, model] of [
    ['messages', 'claude-opus-4-6'],
    ['converse', 'llama-3.3-70b-instruct'],
  ] as const) {
    expect((await translated(to, model, body)).fields).toEqual(['response_format']);
  }
  const { sent, fields } = await translated('generate-content', 'gemini-2.5-flash', body);
  expect(sent.generationConfig.responseMimeType).toBe('application/json');
  expect(fields).toEqual([]);
});

test('keywords that a vendor does not enforce are told, each once', async () => {
  const city = { type: 'string', minLength: 2, pattern: '^(?=A)' };
  const schema = { ...SCHEMA, properties: { city, other: { type: 'string', minLength: 1 } } };
  const body = {
    ...QUESTION,
    response_format: { type: 'json_schema', json_schema: { name: 'place', schema } },
  };
  const claudes = await translated('messages', 'claude-opus-4-6', body);
  expect(claudes.losses).toEqual([
    { field: 'response_format', message: 'the schema is not enforced in its minLength, pattern' },
  ]);
  expect((await translated('responses', 'gpt-4o', body)).fields).toEqual(['response_format']);
  expect((await translated('generate-content', 'gemini-2.5-flash', body)).fields).toEqual([]);
});

test.for(['gpt-4o', 'ft:gpt-4o-mini:ours::1'])(
  '%s, which does not reason, is asked for no effort, and this is told',
  async (model) => {
    const asked = { ...QUESTION, reasoning_effort: 'high' };
    const responses = await translated('responses', model, asked);
    expect(responses.sent).not.toHaveProperty('reasoning');
    expect(responses.fields).toEqual(['reasoning_effort']);
    const body = { input: 'Hello', reasoning: { effort: 'high' } };
    const chat = await translated('chat-completions', model, body, 'responses');
    expect(chat.sent).not.toHaveProperty('reasoning_effort');
    expect(chat.fields).toEqual(['reasoning.effort']);
  },
);

const SOL = ['chat-completions', 'gpt-5.6-sol'] as const;

test('who asks in responses is told that a model is kept from reasoning beside tools', async () => {
  const hello = { input: 'Hello', tools: [{ type: 'function', ...TOOL }] };
  const asked = (members: object) => translated(...SOL, { ...hello, ...members }, 'responses');
  const beside = await asked({});
  expect(beside.sent.reasoning_effort).toBe('none');
  expect(beside.losses).toEqual([
    { field: 'reasoning.effort', message: expect.stringContaining('beside tools') },
  ]);
  expect((await asked({ reasoning: { effort: 'none' } })).fields).toEqual([]);
  expect((await asked({ tools: [] })).fields).toEqual([]);
});

test('who asks in messages is told so only where thinking was asked for', async () => {
  const tools = [{ name: 'weather', input_schema: SCHEMA }];
  const asked = (members: object) =>
    translated(...SOL, { ...GREETED, tools, ...members }, 'messages');
  const open = await asked({});
  expect(open.sent.reasoning_effort).toBe('none');
  expect(open.fields).toEqual([]);
  expect((await asked({ thinking: { type: 'disabled' } })).fields).toEqual([]);
  expect((await asked({ thinking: { type: 'adaptive' } })).losses).toEqual([
    { field: 'thinking', message: expect.stringContaining('function tools') },
  ]);
});

test('a system turn inside the conversation moves to its front, and this is told', async () => {
  const messages = [
    ...QUESTION.messages,
    { role: 'assistant', content: 'Sun.' },
    { role: 'developer', content: 'Be brief' },
    { role: 'user', content: 'And now?' },
  ];
  const { sent, fields, losses } = await translated('messages', 'claude-opus-4-6', { messages });
  expect(sent.system).toEqual([{ type: 'text', text: 'Be brief' }]);
  expect(fields).toEqual(['messages']);
  expect(losses[0]?.message).toMatch(/at its front/);
});

test('results of parallel calls stand in the order of their calls for Gemini', async () => {
  const calls = ['a', 'b'].map((id) => ({
    id,
    type: 'function',
    function: { name: 'weather', arguments: '{}' },
  }));
  const { sent } = await translated('generate-content', 'gemini-2.5-flash', {
    ...WITH_TOOL,
    messages: [
      ...QUESTION.messages,
      { role: 'assistant', tool_calls: calls },
      { role: 'tool', tool_call_id: 'b', content: 'second' },
      { role: 'tool', tool_call_id: 'a', content: 'first' },
    ],
  });
  expect(sent.contents.at(-1).parts).toEqual([geminiResult('first'), geminiResult('second')]);
});

test('an image by its address makes Bedrock be skipped, with its place in the body', async () => {
  const image = { type: 'image_url', image_url: { url: 'https://example.com/cat.png' } };
  const body = { messages: [{ role: 'user', content: [image] }] };
  const refused = translated('converse', 'claude-opus-4-6', body);
  await expect(refused).rejects.toThrow('messages cannot be translated');
});

test('output that OpenAI calls max_completion_tokens is max_tokens to servers that know no more', async () => {
  const body = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] };
  const small = await translated('chat-completions', 'llama-3.3-70b-instruct', body, 'messages');
  expect(small.sent).toMatchObject({ max_tokens: 100 });
  expect(small.sent).not.toHaveProperty('max_completion_tokens');
  const reasoning = await translated('chat-completions', 'gpt-5.5', body, 'messages');
  expect(reasoning.sent).toMatchObject({ max_completion_tokens: 100 });
  expect(reasoning.sent).not.toHaveProperty('max_tokens');
});

test("OpenAI's own members go to its models only, and are told as losses elsewhere", async () => {
  const body = { input: 'Hello', metadata: { team: 'blue' }, prompt_cache_key: 'k', user: 'u' };
  const own = await translated('chat-completions', 'gpt-4o', body, 'responses');
  expect(own.sent).toMatchObject({ metadata: { team: 'blue' }, prompt_cache_key: 'k', user: 'u' });
  expect(own.fields).toEqual([]);
  const other = await translated('chat-completions', 'mistral-large-2512', body, 'responses');
  expect(other.sent).toEqual({ user: 'u', messages: [{ role: 'user', content: 'Hello' }] });
  expect(other.fields.toSorted()).toEqual(['metadata', 'prompt_cache_key']);
});

test.for([
  ['chat-completions', 'gpt-4o', 4],
  ['generate-content', 'gemini-3.5-flash', 5],
] as const)(
  '%s gets as many stop sequences as it takes, and this is told',
  async ([to, model, most]) => {
    const all = ['a', 'b', 'c', 'd', 'e', 'f'];
    const asked = (stop_sequences: string[]) =>
      translated(to, model, { ...GREETED, stop_sequences }, 'messages');
    const cut = await asked(all);
    expect(cut.sent.stop ?? cut.sent.generationConfig.stopSequences).toEqual(all.slice(0, most));
    expect(cut.fields).toEqual(['stop_sequences']);
    expect((await asked(all.slice(0, most))).fields).toEqual([]);
  },
);

test.for([
  ['deepseek-v4-pro', 16, 6, []],
  ['mistral-large-2512', undefined, 6, []],
  ['ft:gpt-4o-mini:ours::1', undefined, 4, ['stop_sequences']],
  ['llama-3.3-70b-instruct', 5, 5, ['stop_sequences']],
] as const)(
  '%s takes six stop sequences of a host that takes %s as %d',
  async ([model, mostStops, carried, lost]) => {
    const all = ['a', 'b', 'c', 'd', 'e', 'f'];
    const body = Buffer.from(JSON.stringify({ ...GREETED, stop_sequences: all }));
    const to = 'chat-completions';
    const translation = await translate({ from: 'messages', to, model, body, mostStops });
    expect(JSON.parse(String(translation.body)).stop).toEqual(all.slice(0, carried));
    expect(translation.losses.map(({ field }) => field)).toEqual(lost);
  },
);

test.for([
  [1, 16, ['max_tokens']],
  [15, 16, ['max_tokens']],
  [16, 16, []],
] as const)(
  'a cap of %d tokens is one of %d in responses, which take no less, and this is told',
  async ([max_tokens, cap, lost]) => {
    const body = { ...GREETED, max_tokens };
    const { sent, fields } = await translated('responses', 'gpt-5.5', body, 'messages');
    expect(sent.max_output_tokens).toBe(cap);
    expect(fields).toEqual(lost);
  },
);

test('thinking stays under the cap that the caller set, or is left out where there is no room', async () => {
  const thinking = { ...QUESTION, reasoning_effort: 'high', temperature: 0.5 };
  const room = await translated('messages', 'claude-sonnet-4-5', {
    ...thinking,
    max_completion_tokens: 4000,
  });
  expect(room.sent).toMatchObject({
    max_tokens: 4000,
    thinking: { type: 'enabled', budget_tokens: 3200 },
  });
  expect(room.fields).toEqual(['temperature']);
  const none = await translated('messages', 'claude-sonnet-4-5', {
    ...thinking,
    max_completion_tokens: 500,
  });
  expect(none.sent).toMatchObject({ max_tokens: 500, temperature: 0.5 });
  expect(none.sent).not.toHaveProperty('thinking');
  expect(none.fields).toEqual(['reasoning_effort']);
});

test.for([
  ['an output schema', 'claude-haiku-4-5', WITH_SCHEMA, ['response_format.json_schema.strict']],
  [
    'a forced tool',
    'claude-sonnet-4-5',
    { ...WITH_TOOL, tool_choice: 'required' },
    ['tool_choice'],
  ],
  [
    'a tool by its name',
    'claude-sonnet-4-5',
    { ...WITH_TOOL, tool_choice: { type: 'function', function: { name: 'weather' } } },
    ['tool_choice'],
  ],
] as const)(
  '%s is asked for, and not forced, of a Claude on Bedrock that thinks by a budget',
  async ([_what, model, body, lost]) => {
    const thinking = await translated('converse', model, { ...body, reasoning_effort: 'high' });
    expect(thinking.sent).toMatchObject({
      additionalModelRequestFields: { thinking: { type: 'enabled' } },
      toolConfig: { tools: [{}], toolChoice: { auto: {} } },
    });
    expect(thinking.fields).toEqual(lost);
    const { sent } = await translated('converse', model, body);
    expect(sent.toolConfig.toolChoice).not.toHaveProperty('auto');
  },
);

test('what a Claude says before it calls the tool for the schema is no part of the JSON', async () => {
  const body = { ...WITH_SCHEMA, reasoning_effort: 'high' };
  const { answered } = await translated('converse', 'claude-haiku-4-5', body);
  const call = { toolUse: { toolUseId: 'c1', name: 'json', input: { city: 'Oslo' } } };
  const { choices } = await answered(bedrock([{ text: 'Here it is:' }, call], 'tool_use'));
  expect(choices[0].message.content).toBe('{"city":"Oslo"}');
});

test('a schema is told in words to a Claude on Bedrock that cannot be forced to call a tool', async () => {
  const { sent, fields } = await translated('converse', 'claude-fable-5-2', WITH_SCHEMA);
  expect(sent).not.toHaveProperty('toolConfig');
  expect(JSON.stringify(sent.system)).toContain('JSON schema');
  expect(fields).toEqual(['response_format.json_schema.strict']);
});

test('a budget for thinking reaches a Claude on Bedrock up to 4.6, and is an effort to later ones', async () => {
  const body = {
    max_tokens: 20_000,
    messages: [{ role: 'user', content: 'Hello' }],
    thinking: { type: 'enabled', budget_tokens: 8000, display: 'omitted' },
  };
  const budget = await translated('converse', 'claude-opus-4-6', body, 'messages');
  expect(budget.sent.additionalModelRequestFields.thinking).toEqual({
    type: 'enabled',
    budget_tokens: 8000,
  });
  expect(budget.fields).toEqual([]);
  for (const model of ['claude-opus-4-7', 'claude-sonnet-5', 'claude-haiku-5-5']) {
    const { sent, fields } = await translated('converse', model, body, 'messages');
    expect(sent.additionalModelRequestFields).toEqual({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'medium' },
    });
    expect(fields).toEqual(['thinking.budget_tokens']);
  }
});

test("Claude's budget for thinking stays within Gemini 2.5's, and is a level to later ones", async () => {
  const body = {
    max_tokens: 64_000,
    messages: [{ role: 'user', content: 'Hello' }],
    thinking: { type: 'enabled', budget_tokens: 40_000, display: 'omitted' },
  };
  for (const [model, thinkingBudget] of [
    ['gemini-2.5-flash', 24_576],
    ['gemini-2.5-pro', 32_768],
  ] as const) {
    const { sent, fields } = await translated('generate-content', model, body, 'messages');
    expect(sent.generationConfig.thinkingConfig).toEqual({ thinkingBudget });
    expect(fields).toEqual([]);
  }
  const later = await translated('generate-content', 'gemini-3.5-flash', body, 'messages');
  expect(later.sent.generationConfig.thinkingConfig).toEqual({ thinkingLevel: 'high' });
  expect(later.fields).toEqual(['thinking.budget_tokens']);
});

test('a Claude on Bedrock is kept from thinking where it can be, and else told to think little', async () => {
  const body = { ...QUESTION, reasoning_effort: 'none' };
  for (const model of ['claude-sonnet-5', 'claude-opus-4-6', 'claude-haiku-4-5']) {
    const { sent, fields } = await translated('converse', model, body);
    expect(sent.additionalModelRequestFields).toEqual({ thinking: { type: 'disabled' } });
    expect(fields).toEqual([]);
  }
  const always = await translated('converse', 'claude-fable-5-2', body);
  expect(always.sent.additionalModelRequestFields).toEqual({ output_config: { effort: 'low' } });
  expect(always.fields).toEqual(['reasoning_effort']);
});

test('what Bedrock refuses of Messages for a newer Claude is not in the body of Converse either', async () => {
  const strict = { type: 'function', function: { ...TOOL, strict: true } };
  const { sent, losses } = await translated('converse', 'claude-haiku-5-5', {
    ...WITH_SCHEMA,
    tools: [strict],
    temperature: 0.5,
  });
  expect(sent).not.toHaveProperty('additionalModelRequestFields.output_config');
  expect(JSON.stringify(sent.toolConfig)).not.toContain('strict');
  expect(losses.map(({ field }) => field).toSorted()).toEqual([
    'response_format.json_schema.strict',
    'temperature',
    'tools',
  ]);
  const told = losses.map(({ message }) => message).join();
  expect(told).toContain('claude-haiku-5-5');
  expect(told).not.toContain('opus');
});

test('images in a tool result follow it in a user turn where results are text', async () => {
  const image = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
  const body = {
    max_tokens: 10,
    tools: [{ name: 'look', input_schema: SCHEMA }],
    messages: [
      { role: 'user', content: 'Look' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'look', input: {} }] },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'c1',
            content: [
              { type: 'text', text: 'Here.' },
              { type: 'image', source: image },
            ],
          },
        ],
      },
    ],
  };
  const { sent, fields } = await translated('chat-completions', 'gpt-4o', body, 'messages');
  expect(sent.messages.slice(2)).toMatchObject([
    { role: 'tool', tool_call_id: 'c1', content: 'Here.' },
    {
      role: 'user',
      content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }],
    },
  ]);
  expect(fields).toEqual(['messages']);
});

test("Claude's signatures and cache markers reach Claude on Bedrock, and are told lost elsewhere", async () => {
  const body = {
    max_tokens: 10,
    system: [{ type: 'text', text: 'Be brief', cache_control: { type: 'ephemeral' } }],
    messages: [
      { role: 'user', content: 'Hello' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'They greet me.', signature: 'signed' },
          { type: 'text', text: 'Hi' },
        ],
      },
      { role: 'user', content: 'And now?' },
    ],
  };
  const own = await translated('converse', 'claude-opus-4-6', body, 'messages');
  expect(own.sent.system).toEqual([{ text: 'Be brief' }, { cachePoint: { type: 'default' } }]);
  expect(own.sent.messages[1].content[0]).toEqual({
    reasoningContent: { reasoningText: { text: 'They greet me.', signature: 'signed' } },
  });
  expect(own.fields).toEqual([]);
  const other = await translated('generate-content', 'gemini-3.5-flash', body, 'messages');
  expect(JSON.stringify(other.sent)).not.toContain('They greet me.');
  expect(other.fields.toSorted()).toEqual(['cache_control', 'messages']);
});

test("Claude's hidden thoughts come from Bedrock and go back there, and are told lost elsewhere", async () => {
  const { answered } = await translated('converse', 'claude-opus-4-6', GREETED, 'messages');
  const hidden = { reasoningContent: { redactedContent: 'aGlkZGVu' } };
  const answer = bedrock([hidden, { text: 'Hi' }], 'end_turn');
  const { content } = await answered(answer);
  expect(content[0]).toEqual({ type: 'redacted_thinking', data: 'aGlkZGVu' });
  const messages = [
    ...GREETED.messages,
    { role: 'assistant', content },
    { role: 'user', content: 'And now?' },
  ];
  const again = await translated(
    'converse',
    'claude-opus-4-6',
    { messages, max_tokens: 10 },
    'messages',
  );
  expect(again.sent.messages[1].content).toEqual([hidden, { text: 'Hi' }]);
  expect(again.fields).toEqual([]);
  const chat = await translated('converse', 'claude-opus-4-6', QUESTION);
  const { losses } = await chat.answer({ ...RECEIVED, body: Buffer.from(JSON.stringify(answer)) });
  expect(losses.map(({ field }) => field)).toEqual(['choices[0].message']);
});

test('the sequence that stopped a Claude on Bedrock is told to who asks in messages', async () => {
  const { answered } = await translated('converse', 'claude-opus-4-6', GREETED, 'messages');
  const additionalModelResponseFields = { delta: { stop_sequence: 'END' } };
  const stopped = { ...bedrock([{ text: 'Hi' }], 'stop_sequence'), additionalModelResponseFields };
  expect(await answered(stopped)).toMatchObject({
    stop_reason: 'stop_sequence',
    stop_sequence: 'END',
  });
});

test('betas that have become generally available are not asked for', async () => {
  const strict = { ...TOOL, strict: true };
  const body = { ...WITH_SCHEMA, tools: [{ type: 'function', function: strict }] };
  const { betas, sent } = await translated('messages', 'claude-opus-4-6', body);
  expect(sent.tools[0].strict).toBe(true);
  expect(betas).toEqual([]);
});

test('a body for embeddings is translated with the count of its inputs', async () => {
  const body = { model: 'm', input: ['one'] };
  const embedding = await translated('embed-content', 'gemini-embedding-001', body, 'embeddings');
  expect(embedding.inputs).toBe(1);
  expect(await embedding.answered({ embedding: { values: [0.25, 0.5] } })).toMatchObject({
    object: 'list',
    data: [{ index: 0, embedding: [0.25, 0.5] }],
  });
});
