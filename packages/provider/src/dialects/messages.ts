import type { Answer } from '../answer.ts';
import { countAt, defined, type JsonObject, objectAt, objectsAt, textAt } from './json-reading.ts';

/** Anthropic's messages. */
export const messages = {
  path: '/v1/messages',

  readAnswer(answer: JsonObject): Answer | undefined {
    const content = objectsAt(answer, 'content');
    if (content === undefined) return undefined;
    // An empty turn is an answer when the model ended it; without a reason it is no answer.
    if (content.length === 0 && textAt(answer, 'stop_reason') === undefined) return undefined;
    return {
      ...defined({ modelServed: textAt(answer, 'model'), responseId: textAt(answer, 'id') }),
      usage: readUsage(objectAt(answer, 'usage')),
      refusal: answer['stop_reason'] === 'refusal',
    };
  },
};

// `input_tokens` excludes what was read from and written to the cache: all three make the input.
function readUsage(usage: JsonObject): Answer['usage'] {
  const uncached = countAt(usage, 'input_tokens');
  const read = countAt(usage, 'cache_read_input_tokens');
  const written = countAt(usage, 'cache_creation_input_tokens');
  return defined({
    input_tokens: uncached === undefined ? undefined : uncached + (read ?? 0) + (written ?? 0),
    output_tokens: countAt(usage, 'output_tokens'),
    cache_read_tokens: read,
    cache_write_tokens: written,
  });
}
