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
  const completion = objectAt(usage, 'completion_tokens_details');
  return defined({
    input_tokens: countAt(usage, 'prompt_tokens'),
    output_tokens: countAt(usage, 'completion_tokens'),
    cache_read_tokens:
      countAt(prompt, 'cached_tokens') ?? countAt(usage, 'prompt_cache_hit_tokens'),
    cache_write_tokens: countAt(prompt, 'cache_write_tokens'),
    reasoning_tokens: countAt(completion, 'reasoning_tokens'),
  });
}
