import { estimateTokens, type AnswerInput } from './answer-input.ts';
import { vendorId } from './vendor-id.ts';

/** A finished answer of `POST /v1/chat/completions`, with every member OpenAI sends. */
export function chatCompletionAnswer(input: AnswerInput) {
  const completionTokens = estimateTokens(input.text);
  return {
    id: vendorId('chatcmpl-', 29),
    object: 'chat.completion',
    created: input.createdAtSeconds,
    model: input.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: input.text, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: input.inputTokens,
      completion_tokens: completionTokens,
      total_tokens: input.inputTokens + completionTokens,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 0,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    },
    service_tier: 'default',
  };
}
