import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { isObject } from '../callers/json-reading.ts';
import type { JsonObject } from '../translator.ts';

/**
 * Puts the signatures of Gemini's calls back: Gemini 3 refuses its own calls without them. The SDK
 * writes them in no chat completion, where Google has them in `extra_content`.
 */
export function withGeminiSignatures(body: JsonObject, prompt: LanguageModelV4Prompt): JsonObject {
  const signatures = new Map(
    prompt.flatMap((message) =>
      message.role === 'assistant'
        ? message.content.flatMap((part) =>
            part.type === 'tool-call'
              ? [[part.toolCallId, part.providerOptions?.['google']?.['thoughtSignature']] as const]
              : [],
          )
        : [],
    ),
  );
  return {
    ...body,
    messages: objectsIn(body['messages']).map((message) =>
      message['tool_calls'] === undefined
        ? message
        : {
            ...message,
            tool_calls: objectsIn(message['tool_calls']).map((call) =>
              withSignature(call, signatures.get(String(call['id']))),
            ),
          },
    ),
  };
}

function withSignature(call: JsonObject, signature: unknown): JsonObject {
  if (typeof signature !== 'string') return call;
  return { ...call, extra_content: { google: { thought_signature: signature } } };
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
