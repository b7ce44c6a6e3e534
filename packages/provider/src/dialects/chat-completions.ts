import type { Answer } from '../answer.ts';
import {
  countAt,
  defined,
  isObject,
  type JsonObject,
  objectAt,
  objectsAt,
  textAt,
} from './json-reading.ts';

/** OpenAI's chat completions, which many vendors speak. */
export const chatCompletions = {
  path: '/chat/completions',

  readAnswer(answer: JsonObject): Answer | undefined {
    const choices = objectsAt(answer, 'choices')?.filter((choice) => isObject(choice['message']));
    if (choices === undefined || choices.length === 0) return undefined;
    return {
      ...defined({ modelServed: textAt(answer, 'model'), responseId: textAt(answer, 'id') }),
      usage: readUsage(objectAt(answer, 'usage')),
      refusal: choices.some(isRefusal),
    };
  },
};

function isRefusal(choice: JsonObject): boolean {
  return (
    choice['finish_reason'] === 'content_filter' ||
    textAt(objectAt(choice, 'message'), 'refusal') !== undefined
  );
}

// `prompt_tokens` includes cached and `completion_tokens` includes reasoning tokens. Vendors
// beside OpenAI report cache hits elsewhere: DeepSeek as `prompt_cache_hit_tokens`.
function readUsage(usage: JsonObject): Answer['usage'] {
  const prompt = objectAt(usage, 'prompt_tokens_details');
  return defined({
    input_tokens: countAt(usage, 'prompt_tokens'),
    output_tokens: outputTokens(usage),
    cache_read_tokens:
      countAt(prompt, 'cached_tokens') ?? countAt(usage, 'prompt_cache_hit_tokens'),
    cache_write_tokens: countAt(prompt, 'cache_write_tokens'),
    reasoning_tokens: reasoningTokens(usage),
  });
}

/** Some, such as xAI, count reasoning beside the completion, and only their total tells it. */
function outputTokens(usage: JsonObject): number | undefined {
  const completion = countAt(usage, 'completion_tokens');
  const reasoning = reasoningTokens(usage);
  if (completion === undefined || reasoning === undefined) return completion;
  const withReasoning = completion + reasoning;
  const total = (countAt(usage, 'prompt_tokens') ?? 0) + withReasoning;
  return countAt(usage, 'total_tokens') === total ? withReasoning : completion;
}

function reasoningTokens(usage: JsonObject): number | undefined {
  return countAt(objectAt(usage, 'completion_tokens_details'), 'reasoning_tokens');
}
