import type { Answer } from '../answer.ts';
import { countAt, defined, type JsonObject, objectAt, objectsAt } from './json-reading.ts';

/** Google's `predict`, as its text embedding models answer it. */
export const predictEmbedding = {
  // The model stands in the path: the kind that speaks this dialect writes its own.
  path: '',

  readAnswer(answer: JsonObject): Answer | undefined {
    const embedded = objectsAt(answer, 'predictions')?.map((one) => objectAt(one, 'embeddings'));
    if (embedded === undefined || embedded.length === 0) return undefined;
    if (!embedded.every(({ values }) => Array.isArray(values))) return undefined;
    const counts = embedded.map((one) => countAt(objectAt(one, 'statistics'), 'token_count'));
    const tokens = counts.reduce(
      (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count),
      0,
    );
    return { usage: defined({ input_tokens: tokens }), refusal: false };
  },
};
