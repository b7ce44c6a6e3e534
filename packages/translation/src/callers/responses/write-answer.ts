import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import type { Usage } from '@understudy/contracts';
import type { AnswerContext, JsonObject, WrittenAnswer } from '../../translator.ts';
import { defined, isObject } from '../json-reading.ts';
import {
  countUsage,
  readAnswerParts,
  refusedInWords,
  unknownEnding,
} from '../openai/answer-parts.ts';
import { writeOutput } from './write-output.ts';

/** Writes a whole `response`, with the members of the request that such an object repeats. */
export function writeAnswer(
  result: LanguageModelV4GenerateResult,
  context: AnswerContext,
): WrittenAnswer {
  const { parts, losses } = readAnswerParts(result.content, 'output');
  const reason = incompleteReason(result.finishReason);
  const output = writeOutput(parts, result, context, reason === undefined);
  const createdAt = Math.floor(context.createdAt / 1000);
  return {
    body: {
      id: `resp_${context.id}`,
      object: 'response',
      created_at: createdAt,
      status: reason === undefined ? 'completed' : 'incomplete',
      ...(reason === undefined ? { completed_at: createdAt } : {}),
      error: null,
      incomplete_details: reason === undefined ? null : { reason },
      model: context.model,
      output: output.items,
      access_programs: null,
      ...repeatRequest(context.request),
      ...defined({ usage: writeUsage(context.usage) }),
    },
    losses: [...losses, ...output.losses, ...unknownEnding(result.finishReason, 'status')],
  };
}

type FinishReason = LanguageModelV4GenerateResult['finishReason'];

function incompleteReason(finishReason: FinishReason): string | undefined {
  if (finishReason.unified === 'length') return 'max_output_tokens';
  if (finishReason.unified !== 'content-filter' || refusedInWords(finishReason)) return undefined;
  return 'content_filter';
}

// The defaults are those that OpenAI's own responses show.
function repeatRequest(request: JsonObject): JsonObject {
  const { reasoning, text, tools } = request;
  return {
    background: request['background'] === true,
    instructions: request['instructions'] ?? null,
    max_output_tokens: request['max_output_tokens'] ?? null,
    max_tool_calls: request['max_tool_calls'] ?? null,
    metadata: request['metadata'] ?? {},
    parallel_tool_calls: request['parallel_tool_calls'] ?? true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null, ...(isObject(reasoning) ? reasoning : {}) },
    temperature: request['temperature'] ?? null,
    text: { format: { type: 'text' }, ...(isObject(text) ? defined(text) : {}) },
    tool_choice: request['tool_choice'] ?? 'auto',
    tools: tools ?? [],
    top_p: request['top_p'] ?? null,
    truncation: request['truncation'] ?? 'disabled',
    ...defined({ user: request['user'] ?? undefined }),
  };
}

function writeUsage(usage: Usage): JsonObject | undefined {
  const counted = countUsage(usage);
  if (counted === undefined) return undefined;
  return {
    input_tokens: counted.input,
    input_tokens_details: {
      cached_tokens: counted.cacheRead,
      cache_write_tokens: counted.cacheWrite,
    },
    output_tokens: counted.output,
    output_tokens_details: { reasoning_tokens: counted.reasoning },
    total_tokens: counted.input + counted.output,
  };
}
