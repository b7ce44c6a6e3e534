import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { isObject } from '../callers/json-reading.ts';
import type { Loss } from '../loss.ts';
import type { JsonObject } from '../translator.ts';
import type { FinishedBody } from './sdk-codec.ts';

/** Told of models that Converse takes no status of tool results for. */
const UNMARKED: Loss = {
  field: 'prompt',
  message: 'that a tool failed is not carried beside what it said',
};

/**
 * Marks the results of tools that failed in a body of Converse: the SDK writes what they said, and
 * leaves out that it was an error.
 * @param takesStatus whether the model takes the mark: Claude and Nova alone do (docs.aws.amazon.com,
 *   Bedrock's API reference: "ToolResultBlock")
 */
export function withFailedResults(
  body: JsonObject,
  prompt: LanguageModelV4Prompt,
  takesStatus: boolean,
): FinishedBody {
  const failed = failedCalls(prompt);
  if (failed.size === 0) return { body, losses: [] };
  if (!takesStatus) return { body, losses: [UNMARKED] };
  const messages = objectsIn(body['messages']).map((message) => ({
    ...message,
    content: objectsIn(message['content']).map((block) => marked(block, failed)),
  }));
  return { body: { ...body, messages }, losses: [] };
}

function failedCalls(prompt: LanguageModelV4Prompt): ReadonlySet<unknown> {
  const results = prompt
    .flatMap((message) => (message.role === 'tool' ? message.content : []))
    .filter((part) => part.type === 'tool-result');
  const failed = results.filter(
    ({ output }) => output.type === 'error-text' || output.type === 'error-json',
  );
  return new Set(failed.map((part) => part.toolCallId));
}

function marked(block: JsonObject, failed: ReadonlySet<unknown>): JsonObject {
  const result = block['toolResult'];
  if (!isObject(result) || !failed.has(result['toolUseId'])) return block;
  return { ...block, toolResult: { ...result, status: 'error' } };
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
