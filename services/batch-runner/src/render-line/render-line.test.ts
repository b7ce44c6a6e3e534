import { expect, test } from 'vitest';
import { RESULT_FORMATS } from './line-end.ts';
import type { EndedRequest, LineEnd } from './line-end.ts';

const ANSWER = Buffer.from('{\r\n "id": "x", "n": 12345678901234567890, "t": "a\\nb"\n}');

const ended = (end: LineEnd): EndedRequest => ({
  id: 'batch_req_1',
  customId: 'line "1"',
  jobId: 'job_1',
  end,
});

test.each(['openai', 'anthropic'] as const)(
  'an answer goes into a line of %s as it came, on one line',
  (surface) => {
    const line = RESULT_FORMATS[surface].render(ended({ kind: 'answered', answer: ANSWER }));
    const text = line.toString();
    expect(text).not.toMatch(/[\r\n]/);
    expect(text).toContain('"n": 12345678901234567890, "t": "a\\nb"');
    expect(JSON.parse(text)).toMatchObject({ custom_id: 'line "1"' });
  },
);

test.each<[LineEnd, object]>([
  [
    { kind: 'answered', answer: Buffer.from('{"a":1}') },
    { response: { status_code: 200, request_id: 'job_1', body: { a: 1 } }, error: null },
  ],
  [
    { kind: 'failed', failure: { status: 429, code: 'slow', message: 'slower' } },
    {
      response: {
        status_code: 429,
        request_id: 'job_1',
        body: {
          error: { message: 'slower', type: 'rate_limit_error', param: null, code: 'slow' },
        },
      },
      error: null,
    },
  ],
  [
    { kind: 'unanswered', code: 'no_target_left', message: 'nobody' },
    { response: null, error: { code: 'no_target_left', message: 'nobody' } },
  ],
  [{ kind: 'cancelled' }, { response: null, error: { code: 'batch_cancelled' } }],
  [{ kind: 'expired' }, { response: null, error: { code: 'batch_expired' } }],
  [{ kind: 'spent' }, { response: null, error: { code: 'batch_max_cost' } }],
])('OpenAI’s line of %o', (end, expected) => {
  const line = JSON.parse(RESULT_FORMATS.openai.render(ended(end)).toString());
  expect(line).toMatchObject({ id: 'batch_req_1', custom_id: 'line "1"', ...expected });
});

test.each<[LineEnd, object]>([
  [
    { kind: 'answered', answer: Buffer.from('{"type":"message"}') },
    { type: 'succeeded', message: { type: 'message' } },
  ],
  [
    { kind: 'failed', failure: { status: 400, code: 'c', message: 'm' } },
    {
      type: 'errored',
      error: {
        type: 'error',
        error: { type: 'invalid_request_error', message: 'm' },
        request_id: 'job_1',
      },
    },
  ],
  [
    { kind: 'failed', failure: { status: 500, code: 'c', message: 'm', type: 'overloaded_error' } },
    { type: 'errored', error: { error: { type: 'overloaded_error' } } },
  ],
  [
    { kind: 'unanswered', code: 'c', message: 'm' },
    { type: 'errored', error: { error: { type: 'api_error', message: 'm' } } },
  ],
  [{ kind: 'cancelled' }, { type: 'canceled' }],
  [{ kind: 'spent' }, { type: 'canceled' }],
  [{ kind: 'expired' }, { type: 'expired' }],
])('Anthropic’s line of %o', (end, result) => {
  const line = JSON.parse(RESULT_FORMATS.anthropic.render(ended(end)).toString());
  expect(line).toMatchObject({ custom_id: 'line "1"', result });
  expect(line).not.toHaveProperty('id');
});
