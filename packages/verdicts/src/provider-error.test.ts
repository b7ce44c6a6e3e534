import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseProviderError } from './provider-error.ts';

function parse(body: unknown, headers: Record<string, string> = {}) {
  return parseProviderError(typeof body === 'string' ? body : JSON.stringify(body), headers);
}

test('OpenAI nests type, code and message under error', () => {
  const error = { message: 'No such model', type: 'invalid_request_error', param: null, code: 'x' };
  expect(parse({ error })).toMatchObject({
    type: 'invalid_request_error',
    code: 'x',
    message: 'No such model',
    names: ['x', 'invalid_request_error'],
  });
});

test('Anthropic’s envelope is not an error type, and its details name the most specific code', () => {
  const error = { type: 'rate_limit_error', message: 'Limit', details: { error_code: 'ramp' } };
  const parsed = parse({ type: 'error', error, request_id: 'req_1' });
  expect(parsed).toMatchObject({ type: 'rate_limit_error', code: 'ramp', message: 'Limit' });
  expect(parsed.names).not.toContain('error');
});

test('Google’s status, reason and quota id are all names, and the reason is the code', () => {
  const error = {
    code: 429,
    message: 'Quota exceeded',
    status: 'RESOURCE_EXHAUSTED',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMIT_EXCEEDED' },
      { violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel' }] },
    ],
  };
  for (const body of [{ error }, [{ error }]]) {
    const parsed = parse(body);
    expect(parsed).toMatchObject({ type: 'RESOURCE_EXHAUSTED', code: 'RATE_LIMIT_EXCEEDED' });
    expect(parsed.names).toEqual([
      'RATE_LIMIT_EXCEEDED',
      'GenerateRequestsPerDayPerProjectPerModel',
      'RESOURCE_EXHAUSTED',
      '429',
    ]);
    expect(parsed.details).toHaveLength(2);
  }
});

test.each([
  [
    'Mistral and older vLLM put all members at the top',
    { object: 'error', message: 'Invalid model: x', type: 'invalid_model', code: '1500' },
    { type: 'invalid_model', code: '1500', message: 'Invalid model: x' },
  ],
  [
    'vLLM numbers its codes',
    { error: { message: 'Gone', type: 'NotFoundError', param: 'model', code: 404 } },
    { type: 'NotFoundError', code: '404', message: 'Gone' },
  ],
  [
    'Ollama’s error is a text',
    { error: "model 'x' not found" },
    { message: "model 'x' not found" },
  ],
  [
    'xAI puts a sentence into the code',
    { code: 'Some resource has been exhausted', error: 'No credits' },
    { code: 'Some resource has been exhausted', message: 'No credits' },
  ],
  [
    'Databricks calls its code error_code',
    { error_code: 'ENDPOINT_NOT_FOUND', message: 'No endpoint' },
    { code: 'ENDPOINT_NOT_FOUND', message: 'No endpoint' },
  ],
  [
    'AWS names a Java class',
    { __type: 'com.amazon.coral.service#ThrottlingException', Message: 'Slow down' },
    { code: 'ThrottlingException', message: 'Slow down' },
  ],
  ['FastAPI’s detail is a text', { detail: 'Not Found' }, { message: 'Not Found' }],
  [
    'FastAPI’s detail is a list',
    { detail: [{ type: 'missing', loc: ['body'], msg: 'Field required', input: 'a prompt' }] },
    { type: 'missing', message: 'Field required' },
  ],
  [
    'plain text is the message',
    'upstream request timeout',
    { message: 'upstream request timeout' },
  ],
  [
    'a web page is reduced to its words',
    '<html><head><title>502</title><style>p{}</style></head><body><h1>Bad Gateway</h1></body>',
    { message: '502 Bad Gateway' },
  ],
  [
    'an error event of a stream is read',
    'event: error\ndata: {"error":{"type":"api_error","message":"Oops"}}\n\n',
    { type: 'api_error', message: 'Oops' },
  ],
])('%s', (_title, body, expected) => {
  expect(parse(body)).toMatchObject(expected);
});

test('AWS’s header names the type, without the address behind it', () => {
  const headers = { 'x-amzn-errortype': 'ValidationException:http://internal.amazon.com/' };
  expect(parse({ message: 'Bad' }, headers)).toMatchObject({ code: 'ValidationException' });
});

test('an error wrapped as text in a message or in metadata adds its names and messages', () => {
  const inner = JSON.stringify({ error: { type: 'overloaded_error', message: 'Overloaded' } });
  expect(parse({ error_code: 'BAD_REQUEST', message: inner })).toMatchObject({
    code: 'BAD_REQUEST',
    type: 'overloaded_error',
    message: 'Overloaded',
  });
  const error = { code: 502, message: 'Provider returned error', metadata: { raw: inner } };
  const parsed = parse({ error });
  expect(parsed.message).toBe('Provider returned error');
  expect(parsed.messages).toContain('Overloaded');
  expect(parsed.names).toContain('overloaded_error');
});

test('what a vendor echoes of the prompt is no message', () => {
  const metadata = { reasons: ['violence'], flagged_input: 'model not found' };
  const parsed = parse({ error: { code: 403, message: 'Flagged', metadata } });
  expect(parsed.messages).toEqual(['Flagged']);
});

test('an empty body says nothing', () => {
  for (const body of ['', {}, []]) {
    expect(parse(body)).toEqual({ names: [], messages: [], details: [] });
  }
});

test.each([
  { trouble: { text: 'no engine' } },
  [{ trouble: 'no engine' }],
  { code: 17, text: 'no engine' },
])('JSON without a message anyone knows is kept as it is: %j', (body) => {
  expect(parse(body)).toMatchObject({ messages: [], unread: JSON.stringify(body) });
});

test('of an answer that is kept as it is not all is kept', () => {
  expect(parse({ text: 'x'.repeat(10_000) }).unread).toHaveLength(4000);
  expect(parse({ text: 'x', message: 'No' }).unread).toBeUndefined();
});

test('no body is too strange to be read', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => `{"error":${json}}`),
      ),
      (body) => {
        const parsed = parseProviderError(body);
        expect(parsed.names.every((name) => typeof name === 'string')).toBe(true);
        expect(parsed.messages.every((message) => typeof message === 'string')).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

test('an error nested without end is read only so deep', () => {
  const deep = '{"error":'.repeat(5_000) + '{"code":"deep"}' + '}'.repeat(5_000);
  expect(parseProviderError(deep).names).toEqual([]);
});
