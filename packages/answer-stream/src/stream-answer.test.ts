import { expect, test } from 'vitest';
import { streamAnswer } from './stream-answer.ts';
import { sentEvents, sentValues } from './testing/sent-events.ts';

const CHAT = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Hello' },
      finish_reason: 'stop',
      content_filter_results: { hate: { filtered: false } },
    },
  ],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  prompt_filter_results: [{ prompt_index: 0 }],
};

function chat(answer: object, includeUsage = false): string[] {
  return [
    ...streamAnswer('chat-completions', Buffer.from(JSON.stringify(answer)), { includeUsage }),
  ];
}

test('a chat completion comes as role, content and reason to stop', () => {
  const frames = chat(CHAT);
  const repeated = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'gpt-4o',
  };
  const choice = { index: 0, logprobs: null };
  expect(sentValues(frames)).toEqual([
    {
      ...repeated,
      // What a vendor adds of its own is told once.
      prompt_filter_results: [{ prompt_index: 0 }],
      choices: [
        {
          ...choice,
          delta: { role: 'assistant', content: '', refusal: null },
          finish_reason: null,
        },
      ],
    },
    { ...repeated, choices: [{ ...choice, delta: { content: 'Hello' }, finish_reason: null }] },
    {
      ...repeated,
      choices: [
        {
          ...choice,
          delta: {},
          finish_reason: 'stop',
          content_filter_results: { hate: { filtered: false } },
        },
      ],
    },
  ]);
  expect(frames.at(-1)).toBe('data: [DONE]\n\n');
});

test('usage comes in a chunk of its own, and only where it was asked for', () => {
  expect(chat(CHAT).join('')).not.toContain('usage');
  const chunks = sentValues(chat(CHAT, true));
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: CHAT.usage });
  for (const chunk of chunks.slice(0, -1)) expect(chunk).toMatchObject({ usage: null });
});

test('content that is a list of parts comes whole', () => {
  const content = [
    { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
    { type: 'text', text: 'Hello' },
  ];
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
  expect(chat({ ...CHAT, choices }).join('')).toContain(JSON.stringify({ content }));
});

test('logprobs are told once, beside the first words', () => {
  const logprobs = { content: [{ token: 'Hello', logprob: -0.1, bytes: null, top_logprobs: [] }] };
  const text = 'Hello '.repeat(50);
  const choices = [{ index: 0, message: { content: text }, finish_reason: 'stop', logprobs }];
  const told = sentValues(chat({ ...CHAT, choices })).map(
    (chunk) => (chunk as { choices: [{ logprobs: unknown }] }).choices[0].logprobs,
  );
  expect(told.length).toBeGreaterThan(4);
  expect(told.filter((value) => value !== null)).toEqual([logprobs]);
  expect(told[1]).toEqual(logprobs);
});

test("numbers that a double cannot hold stay as they are in a tool's input and in arguments", () => {
  const large = '12345678901234567890.10';
  const message = `{"id":"msg_1","type":"message","role":"assistant","content":[
    {"type":"tool_use","id":"toolu_1","name":"f","input":{"n":${large}}},
    {"type":"block_of_tomorrow","n":${large}}],"stop_reason":"tool_use","usage":{}}`;
  const frames = [...streamAnswer('messages', Buffer.from(message), { includeUsage: false })];
  const written = sentEvents(frames).map(({ data }) => data);
  expect(written).toContainEqual(expect.stringContaining(`{\\"n\\":${large}}`));
  expect(written).toContainEqual(expect.stringContaining(`"n":${large}`));
});

test('the events of a message say their type before their data', () => {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [{ type: 'thinking', thinking: 'hm', signature: 'EqoB' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 5, output_tokens: 7, service_tier: 'standard' },
  };
  const frames = streamAnswer('messages', Buffer.from(JSON.stringify(message)), {
    includeUsage: false,
  });
  const events = sentEvents(frames);
  for (const { name, data } of events) expect(JSON.parse(data)).toMatchObject({ type: name });
  expect(events.map(({ data }): unknown => JSON.parse(data))).toEqual([
    {
      type: 'message_start',
      message: {
        ...message,
        content: [],
        stop_reason: null,
        usage: { input_tokens: 5, output_tokens: 0, service_tier: 'standard' },
      },
    },
    {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'thinking', thinking: '', signature: '' },
    },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
    {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'signature_delta', signature: 'EqoB' },
    },
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { input_tokens: 5, output_tokens: 7 },
    },
    { type: 'message_stop' },
  ]);
});

test('frames are made one by one, so that a large answer is not written twice in memory', () => {
  const content = 'word '.repeat(1_000_000);
  const choices = [{ index: 0, message: { content }, finish_reason: 'stop' }];
  const answer = Buffer.from(JSON.stringify({ ...CHAT, choices }));
  const longest = Math.max(
    ...[...streamAnswer('chat-completions', answer, { includeUsage: false })].map(
      ({ length }) => length,
    ),
  );
  expect(longest).toBeLessThan(10_000);
});

test('what is no JSON object is no answer', () => {
  expect(() => [...streamAnswer('responses', Buffer.from('[]'), { includeUsage: false })]).toThrow(
    SyntaxError,
  );
});
