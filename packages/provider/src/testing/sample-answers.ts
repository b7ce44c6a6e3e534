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
  'predict-embedding':
    '{ "predictions":[{"embeddings":{"values":[0.25],"statistics":{"token_count":3,"truncated":false}}}],"vendor_extra":12345678901234567890}\n',
  converse:
    '{ "output":{"message":{"role":"assistant","content":[{"text":"Hello"}]}},"vendor_extra":12345678901234567890,"stopReason":"end_turn","usage":{"inputTokens":3,"outputTokens":1,"totalTokens":4},"metrics":{"latencyMs":5}}\n',
  'invoke-embedding':
    '{ "embedding":[0.25],"vendor_extra":12345678901234567890,"inputTextTokenCount":3}\n',
};

/** An answer of a kind that is told apart, and whether it is one that declines. */
export interface SampleAnswer {
  title: string;
  body: string;
  refusal: boolean;
}

/** Beside the plain one, of dialects that complete, in the shape of each vendor's recorded answers. */
export const SAMPLE_OUTCOMES: Readonly<Partial<Record<Dialect, readonly SampleAnswer[]>>> = {
  'chat-completions': [
    answer(
      'a tool call',
      chatAnswer(
        '{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"K\\u00f6ln\\"}"}}]}',
        'tool_calls',
      ),
    ),
    answer(
      'an answer by a schema',
      chatAnswer(
        '{"role":"assistant","content":"{\\"city\\":\\"Berlin\\"}","refusal":null}',
        'stop',
      ),
    ),
    answer(
      'an answer cut by its token limit',
      chatAnswer('{"role":"assistant","content":"The wea"}', 'length'),
    ),
    refusal(
      chatAnswer(
        '{"role":"assistant","content":null,"refusal":"I cannot help with that."}',
        'stop',
      ),
    ),
    refusal(chatAnswer('{"role":"assistant","content":""}', 'content_filter')),
  ],
  responses: [
    answer(
      'a tool call',
      responsesAnswer(
        '"completed"',
        '{"type":"reasoning","id":"rs_1","summary":[]},{"type":"function_call","id":"fc_1","call_id":"call_1","name":"weather","arguments":"{\\"city\\":\\"Berlin\\"}","status":"completed"}',
      ),
    ),
    answer(
      'an answer by a schema',
      responsesAnswer('"completed"', responsesText('{\\"city\\":\\"Berlin\\"}')),
    ),
    answer(
      'an answer cut by its token limit',
      responsesAnswer(
        '"incomplete","incomplete_details":{"reason":"max_output_tokens"}',
        responsesText('The wea'),
      ),
    ),
    refusal(
      responsesAnswer(
        '"completed"',
        '{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"refusal","refusal":"I cannot help with that."}]}',
      ),
    ),
    refusal(responsesAnswer('"incomplete","incomplete_details":{"reason":"content_filter"}', '')),
  ],
  messages: [
    answer(
      'a tool call',
      messagesAnswer(
        '{"type":"text","text":"Let me look."},{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Berlin"}}',
        'tool_use',
      ),
    ),
    answer(
      'an answer by a schema',
      messagesAnswer('{"type":"text","text":"{\\"city\\":\\"Berlin\\"}"}', 'end_turn'),
    ),
    answer(
      'an answer cut by its token limit',
      messagesAnswer('{"type":"text","text":"The wea"}', 'max_tokens'),
    ),
    refusal(messagesAnswer('', 'refusal')),
  ],
  'generate-content': [
    answer(
      'a tool call',
      geminiAnswer(
        '"content":{"role":"model","parts":[{"functionCall":{"name":"weather","args":{"city":"Berlin"}},"thoughtSignature":"c2ln"}]},"finishReason":"STOP"',
      ),
    ),
    answer(
      'an answer by a schema',
      geminiAnswer(
        '"content":{"role":"model","parts":[{"text":"{\\"city\\":\\"Berlin\\"}"}]},"finishReason":"STOP"',
      ),
    ),
    answer(
      'an answer cut by its token limit',
      geminiAnswer(
        '"content":{"role":"model","parts":[{"text":"The wea"}]},"finishReason":"MAX_TOKENS"',
      ),
    ),
    refusal(geminiAnswer('"finishReason":"SAFETY"')),
    refusal(
      '{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":3,"totalTokenCount":3},"modelVersion":"served-model"}',
    ),
  ],
  converse: [
    answer(
      'a tool call',
      converseAnswer(
        '{"toolUse":{"toolUseId":"tooluse_1","name":"weather","input":{"city":"Berlin"}}}',
        'tool_use',
      ),
    ),
    answer(
      'an answer by a schema',
      converseAnswer('{"text":"{\\"city\\":\\"Berlin\\"}"}', 'end_turn'),
    ),
    answer('an answer cut by its token limit', converseAnswer('{"text":"The wea"}', 'max_tokens')),
    refusal(converseAnswer('{"text":"Blocked."}', 'guardrail_intervened')),
    refusal(converseAnswer('', 'content_filtered')),
  ],
};

function answer(title: string, body: string): SampleAnswer {
  return { title, body, refusal: false };
}

function refusal(body: string): SampleAnswer {
  return { title: 'a refusal', body, refusal: true };
}

function chatAnswer(message: string, finishReason: string): string {
  return `{"id":"chatcmpl-1","object":"chat.completion","created":1790000000,"model":"served-model","choices":[{"index":0,"message":${message},"logprobs":null,"finish_reason":"${finishReason}"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}`;
}

function responsesAnswer(status: string, output: string): string {
  return `{"id":"resp_1","object":"response","created_at":1790000000,"status":${status},"error":null,"model":"served-model","output":[${output}],"usage":{"input_tokens":3,"output_tokens":1,"total_tokens":4}}`;
}

function responsesText(text: string): string {
  return `{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"${text}","annotations":[]}]}`;
}

function messagesAnswer(content: string, stopReason: string): string {
  return `{"id":"msg_1","type":"message","role":"assistant","model":"served-model","content":[${content}],"stop_reason":"${stopReason}","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}`;
}

function geminiAnswer(candidate: string): string {
  return `{"candidates":[{${candidate},"index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":1,"totalTokenCount":4},"modelVersion":"served-model","responseId":"r1"}`;
}

function converseAnswer(content: string, stopReason: string): string {
  return `{"metrics":{"latencyMs":5},"output":{"message":{"role":"assistant","content":[${content}]}},"stopReason":"${stopReason}","usage":{"inputTokens":3,"outputTokens":1,"totalTokens":4}}`;
}
