import type { Answer } from '../answer.ts';
import { countAt, defined, type JsonObject, objectAt, objectsAt, textAt } from './json-reading.ts';

/** Finish reasons by which Gemini says that it declined to go on. */
const REFUSED = new Set(['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII']);

/** Google's `generateContent`, at the Gemini API and on Vertex AI. */
export const generateContent = {
  // The model stands in the path: every kind that speaks this dialect writes its own.
  path: '',

  readAnswer(answer: JsonObject): Answer | undefined {
    const candidates = objectsAt(answer, 'candidates') ?? [];
    const blocked = textAt(objectAt(answer, 'promptFeedback'), 'blockReason') !== undefined;
    const finished = candidates.some(
      (candidate) => candidate['content'] !== undefined || textAt(candidate, 'finishReason'),
    );
    if (!blocked && !finished) return undefined;
    return {
      ...defined({
        modelServed: textAt(answer, 'modelVersion'),
        responseId: textAt(answer, 'responseId'),
      }),
      usage: readUsage(objectAt(answer, 'usageMetadata')),
      refusal:
        blocked ||
        candidates.some((candidate) => REFUSED.has(textAt(candidate, 'finishReason') ?? '')),
    };
  },
};

// `promptTokenCount` includes cached tokens; `candidatesTokenCount` excludes thoughts.
function readUsage(usage: JsonObject): Answer['usage'] {
  const thoughts = countAt(usage, 'thoughtsTokenCount');
  const candidates = countAt(usage, 'candidatesTokenCount');
  return defined({
    input_tokens: countAt(usage, 'promptTokenCount'),
    output_tokens:
      candidates === undefined && thoughts === undefined
        ? undefined
        : (candidates ?? 0) + (thoughts ?? 0),
    cache_read_tokens: countAt(usage, 'cachedContentTokenCount'),
    reasoning_tokens: thoughts,
  });
}
