import type { Dialect } from '@understudy/contracts';

/** A small answer per dialect, with white space, an unknown member and a number beyond a double. */
export const SAMPLE_ANSWERS: Readonly<Record<Dialect, string>> = {
  'chat-completions':
    '{ "id":"chatcmpl-1","object":"chat.completion","model":"served-model","vendor_extra":12345678901234567890,"choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}\n',
  responses:
    '{ "id":"resp_1","object":"response","status":"completed","model":"served-model","vendor_extra":12345678901234567890,"output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello"}]}],"usage":{"input_tokens":3,"output_tokens":1}}\n',
  messages:
    '{ "id":"msg_1","type":"message","role":"assistant","model":"served-model","vendor_extra":12345678901234567890,"content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":1}}\n',
  embeddings:
    '{ "object":"list","model":"served-model","vendor_extra":12345678901234567890,"data":[{"object":"embedding","index":0,"embedding":[0.25]}],"usage":{"prompt_tokens":3}}\n',
  'generate-content':
    '{ "responseId":"r1","modelVersion":"served-model","vendor_extra":12345678901234567890,"candidates":[{"content":{"role":"model","parts":[{"text":"Hello"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":1,"totalTokenCount":4}}\n',
  'embed-content':
    '{ "embedding":{"values":[0.25]},"vendor_extra":12345678901234567890,"usageMetadata":{"promptTokenCount":3}}\n',
  converse:
    '{ "output":{"message":{"role":"assistant","content":[{"text":"Hello"}]}},"vendor_extra":12345678901234567890,"stopReason":"end_turn","usage":{"inputTokens":3,"outputTokens":1,"totalTokens":4},"metrics":{"latencyMs":5}}\n',
  'invoke-embedding':
    '{ "embedding":[0.25],"vendor_extra":12345678901234567890,"inputTextTokenCount":3}\n',
};
