import { expect, test } from 'vitest';
import { errorInsideAnswer } from './error-inside-answer.ts';

test('a top-level error keeps the status that its code is', () => {
  const error = { code: 402, message: 'Insufficient credits', metadata: {} };
  const found = errorInsideAnswer('chat-completions', { id: 'gen-1', choices: [], error });
  expect(found).toEqual({ status: 402, body: JSON.stringify({ error }) });
});

test('a choice’s error is found, and nothing that was generated comes with it', () => {
  const error = { code: '502', message: 'Provider disconnected' };
  const choices = [
    { message: { content: 'fine' }, error: null },
    { message: { content: 'half an ans' }, finish_reason: 'error', error },
  ];
  const found = errorInsideAnswer('chat-completions', { choices });
  expect(found).toEqual({ status: 502, body: JSON.stringify({ error }) });
});

test.each([
  ['rate_limit_exceeded', 429],
  ['server_error', 500],
  ['constructor', undefined],
])('a failed response with the code %s has the status %s', (code, status) => {
  const error = { code, message: 'Failed' };
  const found = errorInsideAnswer('responses', { status: 'failed', error, output: [] });
  expect(found?.status).toBe(status);
});

test('a failed response without an error is a server error', () => {
  const found = errorInsideAnswer('responses', { status: 'failed', error: null });
  expect(found?.status).toBe(500);
});

test('an Anthropic error in a success has the status of its type', () => {
  const answer = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  expect(errorInsideAnswer('messages', answer)?.status).toBe(529);
});

test('an error that is only a text is one without a status', () => {
  expect(errorInsideAnswer('embeddings', { error: 'boom' })).toEqual({ body: '{"error":"boom"}' });
});

const candidate = (finishReason: string, ...parts: object[]) => ({
  content: { role: 'model', parts },
  finishReason,
  finishMessage: 'Malformed function call: weather(Oslo',
});
const MALFORMED = candidate('MALFORMED_FUNCTION_CALL');

test.each([
  ['MALFORMED_FUNCTION_CALL', [{ finishReason: 'MALFORMED_FUNCTION_CALL' }]],
  ['UNEXPECTED_TOOL_CALL', [candidate('UNEXPECTED_TOOL_CALL')]],
  ['MALFORMED_FUNCTION_CALL', [MALFORMED, candidate('UNEXPECTED_TOOL_CALL')]],
  [
    'MALFORMED_FUNCTION_CALL',
    [candidate('MALFORMED_FUNCTION_CALL', { text: 'Hm.', thought: true })],
  ],
])('Gemini’s %s alone is an error, without a word of the call', (status, candidates) => {
  const found = errorInsideAnswer('generate-content', { candidates });
  expect(found).toEqual({
    body: expect.stringContaining(`"status":"${status}","message":"the mo`),
  });
  expect(found?.body).not.toContain('Oslo');
});

const turn = (stopReason: string, ...content: object[]) => ({
  output: { message: { role: 'assistant', content } },
  stopReason,
});
const SUN = { text: 'Sun' };
const CALL = { toolUse: { toolUseId: 'c1', name: 'weather', input: { city: 'Oslo' } } };

test.each([
  ['malformed_tool_use', []],
  ['malformed_tool_use', [CALL]],
  ['malformed_tool_use', [SUN, CALL]],
  ['malformed_model_output', [{ text: ' ' }]],
])(
  'Converse’s %s is an error where it says nothing, or calls: without a word of the call',
  (status, content) => {
    const found = errorInsideAnswer('converse', turn(status, ...content));
    expect(found).toEqual({
      body: expect.stringContaining(`"status":"${status}","message":"the mo`),
    });
    expect(found?.body).not.toContain('Oslo');
  },
);

test.each([
  ['converse', turn('malformed_model_output', SUN)],
  ['converse', turn('tool_use', CALL)],
  ['converse', turn('end_turn')],
  ['chat-completions', { choices: [{ message: { content: 'hi' } }], error: null }],
  ['generate-content', { candidates: [candidate('MALFORMED_FUNCTION_CALL', { text: 'Sun' })] }],
  ['generate-content', { candidates: [MALFORMED, candidate('STOP', { text: 'Sun' })] }],
  ['generate-content', { candidates: [candidate('STOP')] }],
  ['generate-content', { candidates: [] }],
  ['generate-content', { promptFeedback: { blockReason: 'SAFETY' } }],
  ['responses', { status: 'completed', error: null, output: [] }],
  ['responses', { status: 'incomplete', error: null }],
  ['messages', { type: 'message', stop_reason: 'refusal', content: [] }],
  ['chat-completions', { choices: 'none' }],
  ['embeddings', [1, 2]],
  ['messages', null],
] as const)('an answer of %s without an error has none', (dialect, answer) => {
  expect(errorInsideAnswer(dialect, answer)).toBeUndefined();
});
