import { expect, test } from 'vitest';
import { firstLines, parseFailedLine } from './failed-line.ts';

test('a provider’s error stands in the answer, and the job in its request id', () => {
  const line = {
    id: 'batch_req_1',
    custom_id: 'l9',
    response: {
      status_code: 429,
      request_id: 'job_1',
      body: { error: { message: 'slower', type: 'rate_limit_error', param: null, code: null } },
    },
    error: null,
  };
  expect(parseFailedLine(JSON.stringify(line))).toEqual({
    customId: 'l9',
    job: 'job_1',
    status: 429,
    code: 'rate_limit_error',
    message: 'slower',
  });
});

test('a line that became no job has no job, and one without an answer has its own error', () => {
  const refused = {
    custom_id: 'a',
    response: { request_id: 'batch_req_1', body: {} },
    error: null,
  };
  expect(parseFailedLine(JSON.stringify(refused))?.job).toBeUndefined();
  const expired = {
    custom_id: 'b',
    response: null,
    error: { code: 'batch_expired', message: 'x' },
  };
  expect(parseFailedLine(JSON.stringify(expired))).toEqual({
    customId: 'b',
    code: 'batch_expired',
    message: 'x',
  });
});

test.each(['', 'no json', '[]', 'null', '{"custom_id": 1}'])('%j is no line', (text) => {
  expect(parseFailedLine(text)).toBeUndefined();
});

test('lines are found across the borders of parts, and no more are read than asked for', async () => {
  const parts = ['a\nb', 'b\n', 'c\nd\n', 'never read'];
  let read = 0;
  const stream = () =>
    new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          const part = parts[read];
          read += 1;
          if (part === undefined) controller.close();
          else controller.enqueue(new TextEncoder().encode(part));
        },
      },
      { highWaterMark: 0 },
    );
  expect(await firstLines(stream(), 2)).toEqual({ lines: ['a', 'bb'], hasMore: true });
  expect(read).toBeLessThan(parts.length + 1);
  read = 0;
  expect(await firstLines(stream(), 9)).toEqual({
    lines: ['a', 'bb', 'c', 'd', 'never read'],
    hasMore: false,
  });
});
