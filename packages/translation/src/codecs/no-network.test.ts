import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { chatCompletions } from '../callers/chat-completions/chat-completions.ts';
import { completionDialects } from '../testing/completion-dialects.ts';
import { codecOf, type CompletionDialect, isCompletionDialect } from './codec-of.ts';

/** Variables by which the SDK's packages find an address or a key of their own. */
const ADDRESSES = [
  'OPENAI_BASE_URL',
  'ANTHROPIC_BASE_URL',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_BEDROCK_RUNTIME',
];
const KEYS = [
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'GOOGLE_GENERATIVE_AI_API_KEY',
  'AWS_BEARER_TOKEN_BEDROCK',
  'AWS_REGION',
];

const ANSWERS: Readonly<Record<CompletionDialect, unknown>> = {
  'chat-completions': {
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  },
  responses: {
    id: 'resp_1',
    created_at: 1,
    model: 'm',
    status: 'completed',
    output: [
      {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
      },
    ],
    usage: { input_tokens: 1, output_tokens: 1 },
  },
  messages: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text: 'Hi' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 1, output_tokens: 1 },
  },
  'generate-content': {
    candidates: [
      {
        content: { role: 'model', parts: [{ text: 'Hi' }] },
        finishReason: 'CONTINUATION',
        continuationToken: 'more',
      },
    ],
  },
  converse: {
    output: { message: { role: 'assistant', content: [{ text: 'Hi' }] } },
    stopReason: 'end_turn',
    usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
  },
};

afterEach(() => vi.unstubAllEnvs());

test('each dialect that completes is tried, and has a codec', () => {
  expect(Object.keys(ANSWERS).toSorted()).toEqual(completionDialects);
  expect(completionDialects.filter(isCompletionDialect)).toEqual(completionDialects);
});

test.for(Object.keys(ANSWERS) as CompletionDialect[])(
  'encoding and decoding %s reaches no network, also where the environment names an address',
  async (dialect) => {
    const calls: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      calls.push(request.url);
      response.end('{}');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const name of ADDRESSES) vi.stubEnv(name, address);
    for (const name of KEYS) vi.stubEnv(name, 'not-to-be-used');

    const image = { type: 'image_url', image_url: { url: `${address}/image.png` } };
    const request = chatCompletions.read({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, image] }],
    });
    const codec = await codecOf(dialect);
    const encoded = await codec.encode(request, 'any-model').catch((error: unknown) => error);
    const question = chatCompletions.read({ messages: [{ role: 'user', content: 'Hello' }] });
    const answer = Buffer.from(JSON.stringify(ANSWERS[dialect]));
    const decoded = await codec.decode(question, 'any-model', answer);
    await new Promise((resolve) => server.close(resolve));

    expect(decoded.content).toMatchObject([{ type: 'text', text: 'Hi' }]);
    expect(JSON.stringify(encoded)).not.toContain('not-to-be-used');
    expect(calls).toEqual([]);
  },
);
