import { OpenAICompatibleChatLanguageModel } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4GenerateResult, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import { isObject } from '../callers/json-reading.ts';
import type { JsonObject } from '../translator.ts';
import { cutByFullWindow } from './full-window.ts';
import { UnreadableAnswerError } from './unreadable-answer-error.ts';

// Called `google`, so that the signatures of Gemini's calls stand where every other codec looks.
const decoder = new OpenAICompatibleChatLanguageModel('none', {
  provider: 'google',
  url: () => 'http://unused.invalid',
  metadataExtractor: {
    extractMetadata: async ({ parsedBody }) => logprobsIn(parsedBody),
    createStreamExtractor: () => ({ processChunk() {}, buildMetadata: () => undefined }),
  },
});

/** @throws UnreadableAnswerError */
export async function decodeChatCompletion(
  answer: Uint8Array,
): Promise<LanguageModelV4GenerateResult> {
  try {
    const body: unknown = JSON.parse(Buffer.from(answer).toString());
    return cutByFullWindow(await decoder.convertResponse({ body }));
  } catch {
    // Neither the message nor its cause: they quote the answer.
    throw new UnreadableAnswerError();
  }
}

function logprobsIn(answer: unknown): SharedV4ProviderMetadata | undefined {
  const choice = isObject(answer) ? firstChoice(answer['choices']) : undefined;
  const logprobs = choice?.['logprobs'];
  if (!isObject(logprobs) || !Array.isArray(logprobs['content'])) return undefined;
  return { openai: { logprobs: logprobs['content'] } };
}

function firstChoice(choices: unknown): JsonObject | undefined {
  return Array.isArray(choices) ? choices.find(isObject) : undefined;
}
