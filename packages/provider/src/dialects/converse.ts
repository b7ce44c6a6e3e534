import type { Answer } from '../answer.ts';
import { countAt, defined, type JsonObject, objectAt, objectsAt, textAt } from './json-reading.ts';

const REFUSED = new Set(['content_filtered', 'guardrail_intervened']);

/** Amazon Bedrock's `Converse`. */
export const converse = {
  // The model stands in the path: the kind that speaks this dialect writes its own.
  path: '',

  readAnswer(answer: JsonObject): Answer | undefined {
    const stopReason = textAt(answer, 'stopReason');
    const content = objectsAt(objectAt(objectAt(answer, 'output'), 'message'), 'content');
    if (stopReason === undefined || content === undefined) return undefined;
    return { usage: readUsage(objectAt(answer, 'usage')), refusal: REFUSED.has(stopReason) };
  },
};

// `inputTokens` excludes what was read from and written to the cache: all three make the input.
function readUsage(usage: JsonObject): Answer['usage'] {
  const uncached = countAt(usage, 'inputTokens');
  const read = countAt(usage, 'cacheReadInputTokens');
  const written = countAt(usage, 'cacheWriteInputTokens');
  return defined({
    input_tokens: uncached === undefined ? undefined : uncached + (read ?? 0) + (written ?? 0),
    output_tokens: countAt(usage, 'outputTokens'),
    cache_read_tokens: read,
    cache_write_tokens: written,
  });
}
