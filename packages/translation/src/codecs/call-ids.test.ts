import type { Dialect } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { isObject } from '../callers/json-reading.ts';
import { translate } from '../translate.ts';

const SHARED_BEGINNING = 'call_of_a_tool_with_a_long_name_'.repeat(2);
const IDS = [
  'functions.weather:0',
  'functions.weather:1',
  `${SHARED_BEGINNING}_70_a`,
  `${SHARED_BEGINNING}_70_b`,
  'toolu_01A09q90qw90lq917835lq9',
  'call_1',
  'a1B2c3D4e',
];

/** Every id twice in what is sent: in its call and in its result. */
const TARGETS: readonly (readonly [Dialect, string, RegExp])[] = [
  ['messages', 'claude-opus-4-6', /^[\w-]{1,64}$/],
  ['converse', 'claude-opus-4-6', /^[\w-]{1,64}$/],
  ['converse', 'nova-pro', /^[\w-]{1,64}$/],
  ['converse', 'mistral-large-2512', /^[a-zA-Z0-9]{9}$/],
  ['responses', 'gpt-5.5', /^.{1,64}$/],
  ['chat-completions', 'gpt-5.5', /^.{1,40}$/],
  ['chat-completions', 'mistral-large-2512', /^[a-zA-Z0-9]{9}$/],
  ['chat-completions', 'mistralai/Mistral-Small-3.2-24B-Instruct-2506', /^[a-zA-Z0-9]{9}$/],
  ['chat-completions', 'open-mixtral-8x22b', /^[a-zA-Z0-9]{9}$/],
];

const CHAT = {
  messages: [
    { role: 'user', content: 'Weather?' },
    {
      role: 'assistant',
      tool_calls: IDS.map((id) => ({
        id,
        type: 'function',
        function: { name: 'weather', arguments: '{}' },
      })),
    },
    ...IDS.map((id) => ({ role: 'tool', tool_call_id: id, content: 'Sun' })),
  ],
  tools: [{ type: 'function', function: { name: 'weather' } }],
};
const MESSAGES = {
  max_tokens: 10,
  messages: [
    { role: 'user', content: 'Weather?' },
    {
      role: 'assistant',
      content: IDS.map((id) => ({ type: 'tool_use', id, name: 'weather', input: {} })),
    },
    {
      role: 'user',
      content: IDS.map((id) => ({
        type: 'tool_result',
        tool_use_id: id,
        content: 'no',
        is_error: true,
      })),
    },
  ],
  tools: [{ name: 'weather', input_schema: { type: 'object', properties: {} } }],
};

async function sent(to: Dialect, model: string): Promise<unknown> {
  const from = to === 'chat-completions' || to === 'converse' ? 'messages' : 'chat-completions';
  const body = Buffer.from(JSON.stringify(from === 'messages' ? MESSAGES : CHAT));
  const translation = await translate({ from, to, model, body });
  return JSON.parse(Buffer.from(translation.body).toString());
}

/** The ids of calls, or those to which results say that they belong, in their order. */
function idsIn(value: unknown, isResult: boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => idsIn(item, isResult));
  if (!isObject(value)) return [];
  const own = isResult ? resultId(value) : callId(value);
  if (typeof own === 'string') return [own];
  return Object.values(value).flatMap((member) => idsIn(member, isResult));
}

function callId(value: Readonly<Record<string, unknown>>): unknown {
  if (value['type'] === 'function_call') return value['call_id'];
  if (value['type'] === 'tool_use' || isObject(value['function'])) return value['id'];
  return isObject(value['toolUse']) ? value['toolUse']['toolUseId'] : undefined;
}

function resultId(value: Readonly<Record<string, unknown>>): unknown {
  if (value['type'] === 'function_call_output') return value['call_id'];
  if (isObject(value['toolResult'])) return value['toolResult']['toolUseId'];
  return value['tool_use_id'] ?? value['tool_call_id'];
}

test.for(TARGETS)(
  'calls and their results have one id that %s takes for %s',
  async ([to, model, taken]) => {
    const body = await sent(to, model);
    const calls = idsIn(body, false);
    expect(idsIn(body, true)).toEqual(calls);
    expect(new Set(calls).size).toBe(IDS.length);
    for (const id of calls) expect(id).toMatch(taken);
    expect(calls.filter((_, index) => taken.test(IDS[index] ?? ''))).toEqual(
      IDS.filter((id) => taken.test(id)),
    );
  },
);

test('a tool that failed is marked by the id under which Converse knows its call', async () => {
  const body = await sent('converse', 'claude-opus-4-6');
  expect(JSON.stringify(body).match(/"status":"error"/g)).toHaveLength(IDS.length);
});
