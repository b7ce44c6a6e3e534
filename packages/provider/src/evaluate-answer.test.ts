import type { Dialect } from '@understudy/contracts';
import { describe, expect, test } from 'vitest';
import { type EvaluatedAnswer, evaluateAnswer } from './evaluate-answer.ts';

function evaluate(dialect: Dialect, body: unknown, status = 200): EvaluatedAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return evaluateAnswer(dialect, status, { 'x-request-id': 'r1' }, Buffer.from(text));
}

const chat = {
  id: 'chatcmpl-1',
  model: 'gpt-5.5-2026-04-23',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  usage: {
    prompt_tokens: 100,
    completion_tokens: 50,
    prompt_tokens_details: { cached_tokens: 80 },
    completion_tokens_details: { reasoning_tokens: 30 },
  },
};
const response = {
  id: 'resp_1',
  status: 'completed',
  model: 'gpt-5.5',
  output: [{ type: 'message', content: [{ type: 'output_text', text: 'Hi' }] }],
  usage: {
    input_tokens: 10,
    output_tokens: 5,
    input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
    output_tokens_details: { reasoning_tokens: 3 },
  },
};
const message = {
  id: 'msg_1',
  model: 'claude-opus-4-6',
  content: [{ type: 'text', text: 'Hi' }],
  stop_reason: 'end_turn',
  usage: {
    input_tokens: 10,
    cache_creation_input_tokens: 200,
    cache_read_input_tokens: 3000,
    output_tokens: 7,
  },
};
const embedding = {
  object: 'list',
  model: 'text-embedding-3-small',
  data: [{ index: 0, embedding: [0.1] }],
  usage: { prompt_tokens: 9, total_tokens: 9 },
};

describe('a good answer', () => {
  test('of chat completions counts cached in the input and reasoning in the output', () => {
    expect(evaluate('chat-completions', chat)).toEqual({
      ok: true,
      modelServed: 'gpt-5.5-2026-04-23',
      responseId: 'chatcmpl-1',
      refusal: false,
      usage: {
        input_tokens: 100,
        output_tokens: 50,
        cache_read_tokens: 80,
        reasoning_tokens: 30,
      },
    });
  });

  test.each([
    ['is none of the completion, where the total holds both', 135, 103],
    ['is part of the completion, where the total holds that', 41, 9],
    ['is part of the completion, where there is no total', undefined, 9],
  ])('of chat completions: reasoning %s', (_which, total_tokens, output_tokens) => {
    const completion_tokens_details = { reasoning_tokens: 94 };
    const counts = { prompt_tokens: 32, completion_tokens: 9, total_tokens };
    const usage = { ...counts, completion_tokens_details };
    expect(evaluate('chat-completions', { ...chat, usage })).toMatchObject({
      usage: { input_tokens: 32, output_tokens, reasoning_tokens: 94 },
    });
  });

  test('of responses reads the same counts under its own names', () => {
    expect(evaluate('responses', response)).toMatchObject({
      ok: true,
      responseId: 'resp_1',
      usage: {
        input_tokens: 10,
        output_tokens: 5,
        cache_read_tokens: 4,
        cache_write_tokens: 2,
        reasoning_tokens: 3,
      },
    });
  });

  test('of messages adds what was read from and written to the cache', () => {
    expect(evaluate('messages', message)).toMatchObject({
      ok: true,
      modelServed: 'claude-opus-4-6',
      usage: {
        input_tokens: 3210,
        output_tokens: 7,
        cache_read_tokens: 3000,
        cache_write_tokens: 200,
      },
    });
  });

  test('of embeddings has input alone', () => {
    expect(evaluate('embeddings', embedding)).toEqual({
      ok: true,
      modelServed: 'text-embedding-3-small',
      refusal: false,
      usage: { input_tokens: 9 },
    });
  });

  test('without usage has none, and senseless counts are left out', () => {
    const usage = { prompt_tokens: -1, completion_tokens: '5' };
    expect(evaluate('chat-completions', { ...chat, usage })).toMatchObject({ ok: true, usage: {} });
    expect(evaluate('chat-completions', { ...chat, usage: null })).toMatchObject({ usage: {} });
  });

  test('of messages may be an empty turn that the model ended', () => {
    expect(evaluate('messages', { ...message, content: [] }).ok).toBe(true);
  });

  test('of responses may be cut by its token limit', () => {
    const incomplete_details = { reason: 'max_output_tokens' };
    const cut = { ...response, status: 'incomplete', incomplete_details };
    expect(evaluate('responses', cut)).toMatchObject({ ok: true, refusal: false });
  });
});

describe('a refusal is a success that is flagged', () => {
  const filtered = [{ message: { content: '' }, finish_reason: 'content_filter' }];
  const declined = [{ message: { refusal: 'No.' }, finish_reason: 'stop' }];
  const refusalPart = [{ type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }];
  const incomplete_details = { reason: 'content_filter' };
  test.each<[Dialect, unknown]>([
    ['chat-completions', { ...chat, choices: filtered }],
    ['chat-completions', { ...chat, choices: declined }],
    ['responses', { ...response, output: refusalPart }],
    ['responses', { ...response, status: 'incomplete', output: [], incomplete_details }],
    ['messages', { ...message, content: [], stop_reason: 'refusal' }],
  ])('%s %#', (dialect, body) => {
    expect(evaluate(dialect, body)).toMatchObject({ ok: true, refusal: true });
  });
});

describe('a 200 without a usable answer is a fault', () => {
  test.each<[string, Dialect, unknown, string]>([
    ['nothing', 'chat-completions', '', 'empty_answer'],
    ['blanks', 'messages', ' \n', 'empty_answer'],
    ['a web page', 'chat-completions', '<html>Bad gateway</html>', 'invalid_answer'],
    ['half a body', 'messages', '{"id":"msg_1","content":[{"te', 'truncated_answer'],
    [
      'a blank that JSON knows not',
      'messages',
      `${JSON.stringify(message)}\u00A0`,
      'invalid_answer',
    ],
    ['no object', 'responses', '[]', 'invalid_answer'],
    ['null', 'embeddings', 'null', 'invalid_answer'],
    ['no choices', 'chat-completions', { ...chat, choices: [] }, 'invalid_answer'],
    ['a choice without message', 'chat-completions', { choices: [{}] }, 'invalid_answer'],
    ['no content', 'messages', { id: 'msg_1', usage: {} }, 'invalid_answer'],
    ['an empty turn nobody ended', 'messages', { content: [] }, 'invalid_answer'],
    ['an unfinished response', 'responses', { ...response, status: 'queued' }, 'invalid_answer'],
    ['no vectors', 'embeddings', { data: [] }, 'invalid_answer'],
    ['an answer of another dialect', 'messages', chat, 'invalid_answer'],
  ])('%s', (_title, dialect, body, fault) => {
    const evaluated = evaluate(dialect, body);
    expect(evaluated).toMatchObject({ ok: false, failed: { fault } });
    expect(evaluated.ok || evaluated.failed.status).toBeUndefined();
  });
});

test('an HTTP error keeps status, headers and body for the rules', () => {
  const error = '{"error":{"type":"rate_limit_error"}}';
  expect(evaluate('messages', error, 429)).toEqual({
    ok: false,
    failed: { status: 429, headers: { 'x-request-id': 'r1' }, body: error },
  });
});

test('of a long error body the first 64 kB are judged', () => {
  const evaluated = evaluate('messages', 'x'.repeat(100_000), 500);
  expect(!evaluated.ok && evaluated.failed.body.length).toBe(65_536);
});

test('an error inside a 200 is judged by its own status and holds nothing generated', () => {
  const error = { code: 429, message: 'Rate limited' };
  const evaluated = evaluate('chat-completions', { ...chat, error });
  expect(evaluated).toMatchObject({ ok: false, failed: { status: 429 } });
  expect(!evaluated.ok && JSON.parse(evaluated.failed.body)).toEqual({ error });
});

test('an error inside a 200 that states no status counts as no valid answer', () => {
  expect(evaluate('chat-completions', { error: 'model runner stopped' })).toMatchObject({
    ok: false,
    failed: { fault: 'invalid_answer', body: expect.stringContaining('model runner stopped') },
  });
});

test.each(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL'])(
  'a candidate that ended at %s is no answer, unless it says something',
  (finishReason) => {
    const failed = evaluate('generate-content', { candidates: [{ finishReason }] });
    expect(failed).toMatchObject({
      ok: false,
      failed: { fault: 'invalid_answer', body: expect.stringContaining(finishReason) },
    });
    const content = { role: 'model', parts: [{ text: 'Sun' }] };
    const said = evaluate('generate-content', { candidates: [{ content, finishReason }] });
    expect(said).toMatchObject({ ok: true, refusal: false });
  },
);
