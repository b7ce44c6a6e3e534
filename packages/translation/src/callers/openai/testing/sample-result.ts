import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider';

/** A decoded answer of one word, but for the members that a test is about. */
export function sampleResult(
  members: Partial<LanguageModelV4GenerateResult>,
): LanguageModelV4GenerateResult {
  return {
    content: [{ type: 'text', text: 'Hi' }],
    finishReason: { unified: 'stop', raw: undefined },
    usage: {
      inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 1, text: 1, reasoning: 0 },
    },
    warnings: [],
    ...members,
  };
}
