import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import type { Usage } from '@understudy/contracts';
import type { Loss } from '../../loss.ts';
import type { AnswerContext, JsonObject, WrittenAnswer } from '../../translator.ts';
import { defined } from '../json-reading.ts';
import {
  type AnswerPart,
  countUsage,
  readAnswerParts,
  refusedInWords,
  thoughtSignatureOf,
  unknownEnding,
} from '../openai/answer-parts.ts';
import { readTokenLogprobs } from '../openai/token-logprobs.ts';

const MESSAGE = 'choices[0].message';

type ToolCallOf = Extract<AnswerPart, { type: 'tool-call' }>;

/** Writes a `chat.completion` with one choice. */
export function writeAnswer(
  result: LanguageModelV4GenerateResult,
  context: AnswerContext,
): WrittenAnswer {
  const { parts, losses } = readAnswerParts(result.content, MESSAGE);
  const calls = parts.filter((part) => part.type === 'tool-call');
  const tools = writeToolCalls(calls, context.request);
  return {
    body: {
      id: `chatcmpl-${context.id}`,
      object: 'chat.completion',
      created: Math.floor(context.createdAt / 1000),
      model: context.model,
      choices: [
        {
          index: 0,
          message: { ...writeWords(parts, result.finishReason), ...tools.members },
          logprobs: writeLogprobs(result, context.request),
          finish_reason: writeFinishReason(result.finishReason, tools),
        },
      ],
      ...defined({ usage: writeUsage(context.usage) }),
    },
    losses: [
      ...losses,
      ...tools.losses,
      ...unknownEnding(result.finishReason, 'choices[0].finish_reason'),
    ],
  };
}

function writeWords(
  parts: readonly AnswerPart[],
  finishReason: LanguageModelV4GenerateResult['finishReason'],
): JsonObject {
  const words = parts.filter((part) => part.type === 'text').map(({ text }) => text);
  const thoughts = parts.filter((part) => part.type === 'reasoning').map(({ text }) => text);
  const text = words.length === 0 ? null : words.join('');
  const refused = refusedInWords(finishReason);
  return {
    role: 'assistant',
    content: refused ? null : text,
    refusal: refused ? text : null,
    ...(thoughts.length === 0 ? {} : { reasoning_content: thoughts.join('\n') }),
  };
}

interface WrittenToolCalls {
  members: JsonObject;
  finishReason: 'tool_calls' | 'function_call' | undefined;
  losses: Loss[];
}

function writeToolCalls(calls: readonly ToolCallOf[], request: JsonObject): WrittenToolCalls {
  const [first] = calls;
  if (first === undefined) return { members: {}, finishReason: undefined, losses: [] };
  // Who declares functions in the form until 2023 reads the answer in that form: one call, no id.
  if (Array.isArray(request['functions'])) {
    const field = `${MESSAGE}.function_call`;
    const message = 'holds the first of several calls: the form with functions has room for one';
    return {
      members: { function_call: { name: first.toolName, arguments: first.input } },
      finishReason: 'function_call',
      losses: calls.length > 1 ? [{ field, message }] : [],
    };
  }
  return { members: { tool_calls: calls.map(writeCall) }, finishReason: 'tool_calls', losses: [] };
}

function writeCall(call: ToolCallOf): JsonObject {
  return {
    id: call.toolCallId,
    type: 'function',
    function: { name: call.toolName, arguments: call.input },
    ...writeThoughtSignature(call),
  };
}

// As Google's OpenAI-compatible endpoint writes it:
// https://ai.google.dev/gemini-api/docs/thought-signatures
function writeThoughtSignature(call: ToolCallOf): JsonObject {
  const signature = thoughtSignatureOf(call);
  return signature === undefined
    ? {}
    : { extra_content: { google: { thought_signature: signature } } };
}

function writeFinishReason(
  finishReason: LanguageModelV4GenerateResult['finishReason'],
  { finishReason: called }: WrittenToolCalls,
): string {
  if (finishReason.unified === 'length') return 'length';
  const filtered = finishReason.unified === 'content-filter' && !refusedInWords(finishReason);
  return filtered ? 'content_filter' : (called ?? 'stop');
}

function writeLogprobs(result: LanguageModelV4GenerateResult, request: JsonObject): unknown {
  const tokens =
    request['logprobs'] === true ? readTokenLogprobs(result.providerMetadata, request) : undefined;
  if (tokens === undefined) return null;
  return refusedInWords(result.finishReason)
    ? { content: null, refusal: tokens }
    : { content: tokens, refusal: null };
}

function writeUsage(usage: Usage): JsonObject | undefined {
  const counted = countUsage(usage);
  if (counted === undefined) return undefined;
  return {
    prompt_tokens: counted.input,
    completion_tokens: counted.output,
    total_tokens: counted.input + counted.output,
    prompt_tokens_details: {
      cached_tokens: counted.cacheRead,
      cache_write_tokens: counted.cacheWrite,
    },
    completion_tokens_details: { reasoning_tokens: counted.reasoning },
  };
}
