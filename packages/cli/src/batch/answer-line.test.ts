import { expect, test } from 'vitest';
import { answerLine } from './answer-line.ts';
import type { Entry } from './entry.ts';

const entry: Entry = {
  line: 4,
  customId: 'a',
  endpoint: '/v1/chat/completions',
  body: '{}',
  prompt: 'Hi',
  metadata: { k: 1 },
};
const good = Buffer.from(
  '{"id":"batch_req_1","custom_id":"a","response":{"status_code":200,"request_id":"r","body":' +
    '{"model":"big","choices":[{"message":{"content":"Hello"}}],"usage":{"total_tokens":3},"n":12345678901234567890}},"error":null}',
);
const refused = Buffer.from(
  '{"custom_id":"a","response":{"status_code":429,"body":{"error":{"message":"slow down","type":"rate_limit_error","code":null}}},"error":null}',
);
const expired = Buffer.from(
  '{"custom_id":"a","response":null,"error":{"code":"batch_expired","message":"too late"}}',
);
const line = (
  format: 'openai' | 'anthropic' | 'prompts',
  result: Buffer | undefined,
  withPrompt = false,
) => JSON.parse(String(answerLine(entry, result, { format, withPrompt })));

test("OpenAI's lines are given as they came, byte for byte", () => {
  expect(answerLine(entry, good, { format: 'openai', withPrompt: false })).toBe(good);
  expect(line('openai', undefined)).toMatchObject({ custom_id: 'a', error: { code: 'no_result' } });
});

test("Anthropic's lines say what became of each in its words", () => {
  const text = String(answerLine(entry, good, { format: 'anthropic', withPrompt: false }));
  expect(text).toContain('12345678901234567890');
  expect(JSON.parse(text).result.type).toBe('succeeded');
  expect(line('anthropic', expired)).toEqual({ custom_id: 'a', result: { type: 'expired' } });
  const spent = Buffer.from(
    '{"custom_id":"a","response":null,"error":{"code":"batch_max_cost","message":"too dear"}}',
  );
  expect(line('anthropic', spent)).toEqual({ custom_id: 'a', result: { type: 'canceled' } });
  expect(line('anthropic', refused)).toEqual({
    custom_id: 'a',
    result: {
      type: 'errored',
      error: { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } },
    },
  });
});

test('plain lines hold the answer as text, or why there is none', () => {
  expect(line('prompts', good, true)).toEqual({
    custom_id: 'a',
    prompt: 'Hi',
    metadata: { k: 1 },
    answer: 'Hello',
    model: 'big',
    usage: { total_tokens: 3 },
  });
  expect(line('prompts', refused)).toEqual({
    custom_id: 'a',
    metadata: { k: 1 },
    answer: null,
    error: { code: 'rate_limit_error', message: 'slow down', status_code: 429 },
  });
  expect(line('prompts', expired)).toMatchObject({
    answer: null,
    error: { code: 'batch_expired' },
  });
});
