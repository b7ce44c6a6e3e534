import { estimateTokens, type AnswerInput } from './answer-input.ts';
import { vendorId } from './vendor-id.ts';

/**
 * A finished answer of `POST /v1/messages`.
 * @param idPrefix `msg_` at Anthropic, `msg_vrtx_` at Vertex
 */
export function messageAnswer(input: AnswerInput, idPrefix = 'msg_') {
  return {
    id: vendorId(`${idPrefix}01`, 22),
    type: 'message',
    role: 'assistant',
    model: input.model,
    content: [{ type: 'text', text: input.text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: input.inputTokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: estimateTokens(input.text),
      service_tier: 'standard',
    },
  };
}
