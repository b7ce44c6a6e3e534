import { estimateTokens, type AnswerInput } from './answer-input.ts';
import { vendorId } from './vendor-id.ts';

/**
 * A finished answer of `POST /v1/responses`. The members that look idle are required by the
 * published schema of a Response.
 */
export function responseAnswer(input: AnswerInput) {
  const outputTokens = estimateTokens(input.text);
  return {
    id: vendorId('resp_', 48),
    object: 'response',
    created_at: input.createdAtSeconds,
    status: 'completed',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    model: input.model,
    output: [
      {
        id: vendorId('msg_', 48),
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text: input.text, annotations: [], logprobs: [] }],
      },
    ],
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: 'default',
    store: true,
    temperature: 1,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    usage: {
      input_tokens: input.inputTokens,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input.inputTokens + outputTokens,
    },
    metadata: {},
  };
}
