import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { awsChunk, awsFrame } from '../testing/aws-event-frame.ts';
import { assembleAnswer } from './assemble-answer.ts';
import { evaluateBody } from './evaluate-body.ts';

const sse = readFileSync(new URL('./fixtures/tool-call.sse', import.meta.url));
const whole = readFileSync(new URL('./fixtures/tool-call.json', import.meta.url), 'utf8');
const payloads = sse
  .toString()
  .split('\n')
  .filter((line) => line.startsWith('data: '))
  .map((line) => line.slice(6));

const frames = payloads.map(awsChunk);
const aws = Buffer.concat(frames);

function asSse(...events: unknown[]): Buffer {
  return Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
}

function assembled(body: Buffer, format: 'server-sent-events' | 'aws-event-stream'): string {
  const result = assembleAnswer(format, 'messages', body);
  return result.ok ? result.body.toString() : result.fault;
}

// Numbers of the assembled answer are compared as written, which JSON.parse would not keep.
function compact(json: string): string {
  return json.replaceAll(/\n\s*|(?<=[{[:,]) | (?=[}\]])/g, '');
}

describe('a streamed Messages answer', () => {
  test('over server-sent events becomes the answer of a call at once, numbers as written', () => {
    expect(assembled(sse, 'server-sent-events')).toBe(compact(whole));
    expect(compact(whole)).toContain('"id":12345678901234567890,"height":1.0}');
  });

  test('over an AWS event stream becomes the same answer', () => {
    expect(assembled(aws, 'aws-event-stream')).toBe(compact(whole));
  });

  test('with the line ends of other servers becomes the same answer', () => {
    const crlf = Buffer.from(sse.toString().replaceAll('\n', '\r\n'));
    expect(assembled(crlf, 'server-sent-events')).toBe(compact(whole));
  });

  test('cut at any byte before its last event is truncated, and never an answer', () => {
    const end = sse.lastIndexOf('}');
    const results = new Set<string>();
    for (let bytes = 0; bytes <= end; bytes += 1) {
      results.add(assembled(sse.subarray(0, bytes), 'server-sent-events'));
    }
    expect([...results]).toEqual(['truncated_answer']);
    for (let bytes = end + 1; bytes < sse.length; bytes += 1) {
      expect(assembled(sse.subarray(0, bytes), 'server-sent-events')).toBe(compact(whole));
    }
  });

  test('cut at any byte of its AWS frames is truncated', () => {
    const results = new Set<string>();
    for (let bytes = 0; bytes < aws.length; bytes += 1) {
      results.add(assembled(aws.subarray(0, bytes), 'aws-event-stream'));
    }
    expect([...results]).toEqual(['truncated_answer']);
  });

  test('with any damaged bit in an AWS frame is no answer', () => {
    const last = frames.at(-1)!;
    const before = aws.subarray(0, aws.length - last.length);
    const results = new Set<string>();
    for (let bit = 0; bit < last.length * 8; bit += 1) {
      const damaged = Buffer.from(last);
      damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      results.add(assembled(Buffer.concat([before, damaged]), 'aws-event-stream'));
    }
    expect([...results].toSorted()).toEqual(['invalid_answer', 'truncated_answer']);
  });
});

const start = { type: 'message_start', message: { id: 'm', content: [], usage: {} } };
const stop = { type: 'message_stop' };
const stopped = (reason: string): unknown => ({
  type: 'message_delta',
  delta: { stop_reason: reason },
  usage: { output_tokens: 5 },
});
const opened = (block: unknown): unknown => ({
  type: 'content_block_start',
  index: 0,
  content_block: block,
});
const delta = (members: unknown): unknown => ({
  type: 'content_block_delta',
  index: 0,
  delta: members,
});
const tool = opened({ type: 'tool_use', id: 't', name: 'f', input: {} });
const halfInput = delta({ type: 'input_json_delta', partial_json: '{"city":"Zü' });

function contentOf(...events: unknown[]): unknown {
  const result = assembleAnswer('server-sent-events', 'messages', asSse(...events));
  return result.ok ? JSON.parse(result.body.toString()).content : result.fault;
}

test("a tool's input that the token limit cut is left out, and one that breaks off otherwise is a fault", () => {
  expect(contentOf(start, tool, halfInput, stopped('max_tokens'), stop)).toEqual([
    { type: 'tool_use', id: 't', name: 'f', input: {} },
  ]);
  expect(contentOf(start, tool, halfInput, stopped('tool_use'), stop)).toBe('invalid_answer');
});

test('events and blocks of unknown types change nothing, and members of unknown deltas are kept', () => {
  const block = opened({ type: 'compaction', content: null });
  const final = delta({ type: 'compaction_delta', content: 'Summary', encrypted_content: 'x' });
  expect(
    contentOf(start, { type: 'news' }, block, final, stopped('end_turn'), stop, 'late'),
  ).toEqual([{ type: 'compaction', content: 'Summary', encrypted_content: 'x' }]);
});

test('a fallback on the server names the model that answered', () => {
  const fallback = opened({ type: 'fallback', to: { model: 'claude-opus-4-8' } });
  const result = assembleAnswer(
    'server-sent-events',
    'messages',
    asSse(start, fallback, stopped('end_turn'), stop),
  );
  expect(result.ok && JSON.parse(result.body.toString())).toMatchObject({
    model: 'claude-opus-4-8',
    stop_reason: 'end_turn',
  });
});

describe('a stream that cannot be followed is no valid answer', () => {
  test.each<[string, unknown[]]>([
    ['an end without a beginning', [stop]],
    ['two beginnings', [start, start, stop]],
    ['a delta of no block', [start, delta({ type: 'text_delta', text: 'x' }), stop]],
    ['a block opened twice', [start, tool, tool, stop]],
    ['a piece that is no text', [start, tool, delta({ type: 'text_delta', text: 5 }), stop]],
    ['a beginning without a message', [{ type: 'message_start' }, stop]],
    ['data that is no object', [start, 'text', stop]],
  ])('%s', (_title, events) => {
    expect(contentOf(...events)).toBe('invalid_answer');
  });

  test('bytes of another format', () => {
    expect(assembled(Buffer.from('<html>Bad gateway</html>'), 'server-sent-events')).toBe(
      'truncated_answer',
    );
    expect(assembled(Buffer.alloc(32), 'aws-event-stream')).toBe('invalid_answer');
  });
});

describe('an error within a stream is judged like one inside a 200', () => {
  test('as an event of Anthropic, after half an answer', () => {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    const body = asSse(start, tool, halfInput, { type: 'error', error, request_id: 'req_1' });
    const { evaluated } = evaluateBody('server-sent-events', 'messages', 200, {}, body);
    expect(evaluated).toEqual({
      ok: false,
      failed: { status: 529, headers: {}, body: JSON.stringify({ error }) },
    });
  });

  test.each([
    ['throttlingException', 429],
    ['modelStreamErrorException', 424],
    ['modelTimeoutException', 408],
    ['validationException', 400],
    ['internalServerException', 500],
    ['serviceUnavailableException', 503],
  ])('as %s of an AWS event stream', (name, status) => {
    const exception = awsFrame(
      { ':exception-type': name, ':message-type': 'exception' },
      { message: 'Too many requests' },
    );
    const body = Buffer.concat([...frames.slice(0, 9), exception]);
    const { evaluated } = evaluateBody('aws-event-stream', 'messages', 200, {}, body);
    expect(evaluated).toMatchObject({ ok: false, failed: { status } });
    expect(!evaluated.ok && JSON.parse(evaluated.failed.body)).toEqual({
      error: { __type: name, code: status, message: 'Too many requests' },
    });
  });

  test('as an error frame without exception', () => {
    const error = awsFrame(
      { ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'Broken' },
      {},
    );
    const { evaluated } = evaluateBody(
      'aws-event-stream',
      'messages',
      200,
      {},
      Buffer.concat([frames[0]!, error]),
    );
    expect(evaluated).toMatchObject({ ok: false, failed: { fault: 'invalid_answer' } });
    expect(!evaluated.ok && evaluated.failed.body).toContain('Broken');
  });
});

describe('an answer that was asked for as a stream', () => {
  test('counts the tokens of its last event', () => {
    expect(evaluateBody('server-sent-events', 'messages', 200, {}, sse).evaluated).toMatchObject({
      ok: true,
      modelServed: 'claude-opus-4-6',
      responseId: 'msg_01TvYB',
      usage: { input_tokens: 2600, output_tokens: 89, cache_read_tokens: 2000 },
    });
  });

  test('may come at once all the same', () => {
    const body = Buffer.from(` ${whole}`);
    expect(evaluateBody('server-sent-events', 'messages', 200, {}, body)).toMatchObject({
      evaluated: { ok: true },
      body,
    });
  });

  test('that is refused before it began is judged by its status', () => {
    const body = Buffer.from('{"type":"error","error":{"type":"rate_limit_error"}}');
    expect(evaluateBody('server-sent-events', 'messages', 429, {}, body).evaluated).toMatchObject({
      ok: false,
      failed: { status: 429, body: body.toString() },
    });
  });

  test('that breaks off reports nothing of what was generated', () => {
    const { evaluated } = evaluateBody(
      'server-sent-events',
      'messages',
      200,
      {},
      sse.subarray(0, 1500),
    );
    expect(evaluated).toEqual({
      ok: false,
      failed: { fault: 'truncated_answer', headers: {}, body: '' },
    });
  });

  test('in a dialect without streams is a mistake of ours', () => {
    expect(() => assembleAnswer('server-sent-events', 'embeddings', sse)).toThrow(
      'Answers in embeddings are not streamed.',
    );
  });
});
