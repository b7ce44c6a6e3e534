import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chatCompletions, messages, responses } from './testing/plausible-answers.ts';
import { startStreamingServer } from './testing/streaming-server.ts';
import { anthropicClients, openAiClients } from './testing/vendor-clients.ts';
import { streamAnswer } from './stream-answer.ts';
import type { StreamedDialect } from './stream-answer.ts';

const RUNS = { numRuns: 60 };
const PROMPT = [{ role: 'user' as const, content: 'hello' }];

function framesOf(dialect: StreamedDialect, answer: object): Iterable<string> {
  return streamAnswer(dialect, Buffer.from(JSON.stringify(answer)), { includeUsage: true });
}

test.each(openAiClients)(
  '%s puts a streamed chat completion together to the answer',
  async (_sdk, connect) => {
    const server = await startStreamingServer();
    const client = connect(server.url);
    await fc.assert(
      fc.asyncProperty(chatCompletions, async (answer) => {
        server.frames = framesOf('chat-completions', answer);
        const stream = client.chat.completions.stream({ model: 'any', messages: PROMPT });
        expect(await stream.finalChatCompletion()).toMatchObject(asSent(asTheSdkShowsIt(answer)));
      }),
      RUNS,
    );
  },
);

/** JSON has no negative zero. */
function asSent(answer: object): object {
  const sent: object = JSON.parse(JSON.stringify(answer));
  return sent;
}

/** The SDK knows no difference between an empty text and none. */
function asTheSdkShowsIt(answer: { choices: { message: object }[] }): object {
  return {
    ...answer,
    choices: answer.choices.map((choice) => {
      const { content, refusal, ...message } = choice.message as Record<string, unknown>;
      const shown = { ...(content ? { content } : {}), ...(refusal ? { refusal } : {}) };
      return { ...choice, message: { ...message, ...shown } };
    }),
  };
}

test.each(openAiClients)(
  '%s puts a streamed Response together to the answer',
  async (_sdk, connect) => {
    const server = await startStreamingServer();
    const client = connect(server.url);
    await fc.assert(
      fc.asyncProperty(responses, async (answer) => {
        server.frames = framesOf('responses', answer);
        const stream = client.responses.stream({ model: 'any', input: 'hello' });
        expect(await stream.finalResponse()).toMatchObject(asSent(answer));
      }),
      RUNS,
    );
  },
);

test.each(anthropicClients)(
  '%s puts a streamed message together to the answer',
  async (_sdk, connect) => {
    const server = await startStreamingServer();
    const client = connect(server.url);
    await fc.assert(
      fc.asyncProperty(messages, async (answer) => {
        server.frames = framesOf('messages', answer);
        const stream = client.messages.stream({ model: 'any', max_tokens: 100, messages: PROMPT });
        expect(await stream.finalMessage()).toMatchObject(asSent(answer));
      }),
      RUNS,
    );
  },
);
