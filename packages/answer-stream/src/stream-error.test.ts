import { expect, test } from 'vitest';
import { streamError } from './stream-error.ts';
import { startStreamingServer } from './testing/streaming-server.ts';
import { anthropicClients, openAiClients } from './testing/vendor-clients.ts';

const FAILURE = {
  status: 429,
  message: 'too many requests',
  type: 'rate_limit_error',
  code: 'rate_limit_exceeded',
  requestId: 'req_1',
};
const PROMPT = [{ role: 'user' as const, content: 'hello' }];

test.each(openAiClients)('%s throws the failure of a chat completion', async (_sdk, connect) => {
  const server = await startStreamingServer();
  server.frames = streamError('chat-completions', FAILURE);
  const stream = connect(server.url).chat.completions.stream({ model: 'any', messages: PROMPT });
  await expect(stream.finalChatCompletion()).rejects.toMatchObject({
    error: { message: 'too many requests', type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    code: 'rate_limit_exceeded',
  });
});

test.each(openAiClients)('%s throws the failure of a Response', async (_sdk, connect) => {
  const server = await startStreamingServer();
  server.frames = streamError('responses', FAILURE);
  const stream = connect(server.url).responses.stream({ model: 'any', input: 'hello' });
  await expect(stream.finalResponse()).rejects.toMatchObject({
    code: 'rate_limit_exceeded',
    type: 'rate_limit_error',
  });
});

test.each(anthropicClients)('%s throws the failure of a message', async (_sdk, connect) => {
  const server = await startStreamingServer();
  server.frames = streamError('messages', FAILURE);
  const stream = connect(server.url).messages.stream({
    model: 'any',
    max_tokens: 100,
    messages: PROMPT,
  });
  await expect(stream.finalMessage()).rejects.toMatchObject({
    error: {
      type: 'error',
      error: { type: 'rate_limit_error', message: 'too many requests' },
      request_id: 'req_1',
    },
  });
});

test('a failure without a code of its own has its status', () => {
  const [frame] = streamError('responses', { status: 502, message: 'gone', type: 'api_error' });
  expect(frame).toBe(
    'event: error\ndata: {"type":"error","code":"502","message":"gone","param":null,' +
      '"sequence_number":0,' +
      '"error":{"message":"gone","type":"api_error","param":null,"code":"502"}}\n\n',
  );
});
