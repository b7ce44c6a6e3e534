import type { Answer } from '../answer.ts';
import { countAt, defined, type JsonObject, objectAt, objectsAt } from './json-reading.ts';

/** Google's `embedContent`. */
export const embedContent = {
  // The model stands in the path: every kind that speaks this dialect writes its own.
  path: '',

  readAnswer(answer: JsonObject): Answer | undefined {
    const embedded =
      Array.isArray(objectAt(answer, 'embedding')['values']) ||
      (objectsAt(answer, 'embeddings')?.length ?? 0) > 0;
    if (!embedded) return undefined;
    const usage = objectAt(answer, 'usageMetadata');
    return { usage: defined({ input_tokens: countAt(usage, 'promptTokenCount') }), refusal: false };
  },
};
