import { expect, test } from 'vitest';
import { awsEvent, awsFrame } from '../testing/aws-event-frame.ts';
import { assembleAnswer } from './assemble-answer.ts';
import { evaluateBody } from './evaluate-body.ts';

const start = awsEvent('messageStart', { role: 'assistant' });
const opened = (contentBlockIndex: number, begun: object): Uint8Array =>
  awsEvent('contentBlockStart', { contentBlockIndex, start: begun });
const delta = (contentBlockIndex: number, added: object): Uint8Array =>
  awsEvent('contentBlockDelta', { contentBlockIndex, delta: added });
const closed = (contentBlockIndex: number): Uint8Array =>
  awsEvent('contentBlockStop', { contentBlockIndex });
const stopped = (stopReason: string): Uint8Array => awsEvent('messageStop', { stopReason });
const usage = { inputTokens: 21, outputTokens: 8, totalTokens: 29, cacheReadInputTokens: 3 };
const metadata = awsEvent('metadata', { usage, metrics: { latencyMs: 5 } });
const tool = { toolUse: { toolUseId: 'tooluse_1', name: 'weather' } };

function assembled(...frames: Uint8Array[]): unknown {
  const result = assembleAnswer('aws-event-stream', 'converse', Buffer.concat(frames));
  return result.ok ? JSON.parse(result.body.toString()) : result.fault;
}

function contentOf(stopReason: string, ...frames: Uint8Array[]): unknown {
  const answer = assembled(start, ...frames, stopped(stopReason), metadata);
  return typeof answer === 'object' && answer !== null && 'output' in answer
    ? answer.output
    : answer;
}

const whole = [
  start,
  delta(0, { reasoningContent: { text: 'Paris ' } }),
  delta(0, { reasoningContent: { text: 'first.' } }),
  delta(0, { reasoningContent: { signature: 'c2ln' } }),
  closed(0),
  delta(1, { text: 'I look ' }),
  delta(1, { text: 'it up: Zürich 🌦' }),
  closed(1),
  opened(2, tool),
  delta(2, { toolUse: { input: '{"city":"Zür' } }),
  delta(2, { toolUse: { input: 'ich","id":12345678901234567890}' } }),
  closed(2),
  stopped('tool_use'),
  metadata,
];

test('a streamed answer becomes the answer of Converse at once, numbers as written', () => {
  const result = assembleAnswer('aws-event-stream', 'converse', Buffer.concat(whole));
  if (!result.ok) throw new Error(result.fault);
  expect(result.body.toString()).toContain('"id":12345678901234567890}');
  expect(JSON.parse(result.body.toString())).toEqual({
    output: {
      message: {
        role: 'assistant',
        content: [
          { reasoningContent: { reasoningText: { text: 'Paris first.', signature: 'c2ln' } } },
          { text: 'I look it up: Zürich 🌦' },
          {
            toolUse: {
              ...tool.toolUse,
              input: { city: 'Zürich', id: Number('12345678901234567890') },
            },
          },
        ],
      },
    },
    stopReason: 'tool_use',
    usage,
    metrics: { latencyMs: 5 },
  });
});

test('its usage and its end are read like those of any other answer', () => {
  const body = Buffer.concat(whole);
  const { evaluated } = evaluateBody('aws-event-stream', 'converse', 200, {}, body);
  expect(evaluated).toMatchObject({
    ok: true,
    refusal: false,
    usage: { input_tokens: 24, output_tokens: 8 },
  });
});

test('cut at any byte it is truncated, and never an answer', () => {
  const stream = Buffer.concat(whole);
  const results = new Set<unknown>();
  for (let bytes = 0; bytes < stream.length; bytes += 1) {
    results.add(assembled(stream.subarray(0, bytes)));
  }
  expect([...results]).toEqual(['truncated_answer']);
});

test('a tool without parameters is called with none', () => {
  const content = contentOf('tool_use', opened(0, tool), closed(0));
  expect(content).toEqual({
    message: { role: 'assistant', content: [{ toolUse: { ...tool.toolUse, input: {} } }] },
  });
});

test('half of a tool’s input is not carried out: the cap cut it, or the answer is none', () => {
  const half = [opened(0, tool), delta(0, { toolUse: { input: '{"city":"Zü' } })];
  expect(contentOf('max_tokens', ...half)).toMatchObject({
    message: { content: [{ toolUse: { input: {} } }] },
  });
  expect(contentOf('tool_use', ...half)).toBe('invalid_answer');
});

test('hidden reasoning, citations and members of later years are kept', () => {
  const citation = { title: 'a page', location: { web: { url: 'https://example.com' } } };
  const content = contentOf(
    'end_turn',
    delta(0, { reasoningContent: { redactedContent: 'aGlkZGVu' } }),
    delta(1, { text: 'As it says there.' }),
    delta(1, { citation }),
    delta(2, { hologram: { depth: 3 } }),
  );
  expect(content).toMatchObject({
    message: {
      content: [
        { reasoningContent: { redactedContent: 'aGlkZGVu' } },
        { citationsContent: { content: [{ text: 'As it says there.' }], citations: [citation] } },
        { hologram: { depth: 3 } },
      ],
    },
  });
});

test.each<[string, Uint8Array[]]>([
  ['begins twice', [start, start]],
  ['has a block before its beginning', [delta(0, { text: 'a' })]],
  ['has a block without a place', [start, awsEvent('contentBlockDelta', { delta: { text: 'a' } })]],
  ['gives input to no tool', [start, delta(0, { toolUse: { input: '{}' } })]],
  ['has a text that is none', [start, delta(0, { text: 7 })]],
])('a stream that %s is no answer', (_what, frames) => {
  expect(assembled(...frames, stopped('end_turn'), metadata)).toBe('invalid_answer');
});

test.each([
  ['throttlingException', 429],
  ['modelStreamErrorException', 424],
  ['internalServerException', 500],
])('%s in the middle is the error that it is by itself', (type, status) => {
  const error = awsFrame(
    { ':exception-type': type, ':message-type': 'exception' },
    { message: 'Too many requests' },
  );
  const body = Buffer.concat([start, delta(0, { text: 'a' }), error]);
  const { evaluated } = evaluateBody('aws-event-stream', 'converse', 200, {}, body);
  expect(evaluated).toMatchObject({ ok: false, failed: { status } });
});
