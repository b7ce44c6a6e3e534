import type { Answer } from '../answer.ts';
import { countAt, defined, type JsonObject, objectAt, objectsAt, textAt } from './json-reading.ts';

/** OpenAI's responses. */
export const responses = {
  path: '/responses',

  readAnswer(answer: JsonObject): Answer | undefined {
    const output = objectsAt(answer, 'output');
    if (output === undefined || !isFinished(answer)) return undefined;
    return {
      ...defined({ modelServed: textAt(answer, 'model'), responseId: textAt(answer, 'id') }),
      usage: readUsage(objectAt(answer, 'usage')),
      refusal:
        objectAt(answer, 'incomplete_details')['reason'] === 'content_filter' ||
        output.some(holdsRefusal),
    };
  },
};

// Without `background` an answer comes finished; servers that copy the dialect may omit the status.
function isFinished(answer: JsonObject): boolean {
  const status = answer['status'];
  return status === undefined || status === 'completed' || status === 'incomplete';
}

function holdsRefusal(item: JsonObject): boolean {
  return objectsAt(item, 'content')?.some((part) => part['type'] === 'refusal') ?? false;
}

// `input_tokens` includes what was read from and written to the cache.
function readUsage(usage: JsonObject): Answer['usage'] {
  const input = objectAt(usage, 'input_tokens_details');
  return defined({
    input_tokens: countAt(usage, 'input_tokens'),
    output_tokens: countAt(usage, 'output_tokens'),
    cache_read_tokens: countAt(input, 'cached_tokens'),
    cache_write_tokens: countAt(input, 'cache_write_tokens'),
    reasoning_tokens: countAt(objectAt(usage, 'output_tokens_details'), 'reasoning_tokens'),
  });
}
