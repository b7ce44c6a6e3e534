import type { CallerDialect, Dialect } from '@understudy/contracts';
import { expect, test } from 'vitest';
import { translate } from './translate.ts';

const LARGE = '12345678901234567891';
const RECEIVED = { id: '1', model: 'm', createdAt: 0, usage: {} };

const SCHEMA = `{"type":"object","properties":{"id":{"type":"integer","maximum":${LARGE}}}}`;
const CHAT = `{
  "messages": [
    {"role": "user", "content": "Look it up"},
    {"role": "assistant", "tool_calls": [
      {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{\\"id\\":${LARGE}}"}}
    ]},
    {"role": "tool", "tool_call_id": "c1", "content": "found"}
  ],
  "tools": [{"type": "function", "function": {"name": "look", "parameters": ${SCHEMA}}}]
}`;
const MESSAGES = `{
  "max_tokens": 100,
  "messages": [
    {"role": "user", "content": "Look it up"},
    {"role": "assistant", "content": [
      {"type": "tool_use", "id": "c1", "name": "look", "input": {"id": ${LARGE}}}
    ]},
    {"role": "user", "content": [
      {"type": "tool_result", "tool_use_id": "c1", "content": "found"}
    ]}
  ],
  "tools": [{"name": "look", "input_schema": ${SCHEMA}}]
}`;

async function translated(from: CallerDialect, to: Dialect, model: string, body: string) {
  return await translate({ from, to, model, body: Buffer.from(body) });
}

test.for([
  ['chat-completions', 'messages', 'claude-opus-4-6', CHAT],
  ['chat-completions', 'converse', 'llama-3.3-70b-instruct', CHAT],
  ['chat-completions', 'generate-content', 'gemini-3.5-flash', CHAT],
  ['chat-completions', 'responses', 'gpt-5.5', CHAT],
  ['messages', 'chat-completions', 'gpt-4o', MESSAGES],
  ['messages', 'responses', 'gpt-5.5', MESSAGES],
] as const)(
  "integers beyond 2^53 in %s stand in the other dialect's schema and arguments: %s",
  async ([from, to, model, body]) => {
    const { body: sent, losses } = await translated(from, to, model, body);
    const text = Buffer.from(sent).toString();
    expect(text).toMatch(new RegExp(`"maximum":${LARGE}[,}]`));
    expect(text).toMatch(new RegExp(`"id\\\\?":${LARGE}}`));
    expect(losses).toEqual([]);
  },
);

test('a seed beyond 2^53 is told as lost', async () => {
  const body = `{"messages": [{"role": "user", "content": "Hi"}], "seed": ${LARGE}}`;
  const gemini = await translated('chat-completions', 'generate-content', 'gemini-3.5-flash', body);
  expect(Buffer.from(gemini.body).toString()).not.toContain('seed');
  expect(gemini.losses).toEqual([{ field: 'seed', message: 'is beyond 2^53, and is not carried' }]);
});

const ANSWERS = [
  [
    'messages',
    'claude-opus-4-6',
    `{"id":"m","type":"message","role":"assistant","model":"c","stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":1},"content":[{"type":"tool_use","id":"c1","name":"look","input":{"id":${LARGE}}}]}`,
  ],
  [
    'generate-content',
    'gemini-3.5-flash',
    `{"candidates":[{"finishReason":"STOP","content":{"role":"model","parts":[{"functionCall":{"name":"look","args":{"id":${LARGE}}}}]}}]}`,
  ],
  [
    'converse',
    'llama-3.3-70b-instruct',
    `{"stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"c1","name":"look","input":{"id":${LARGE}}}}]}}}`,
  ],
  [
    'chat-completions',
    'gpt-4o',
    `{"choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{\\"id\\":${LARGE}}"}}]}}]}`,
  ],
] as const;

test.for(ANSWERS)(
  'an integer beyond 2^53 in a call of %s reaches the caller as the model wrote it',
  async ([to, model, answer]) => {
    for (const from of ['chat-completions', 'messages'] as const) {
      if (from === to) continue;
      const request = from === 'messages' ? MESSAGES : CHAT;
      const { answer: answered } = await translated(from, to, model, request);
      const { body, losses } = await answered({ ...RECEIVED, body: Buffer.from(answer) });
      expect(body.toString()).toMatch(new RegExp(`"id\\\\?":${LARGE}}`));
      expect(losses.filter(({ field }) => field !== 'usage')).toEqual([]);
    }
  },
);
