import type { Answer } from '../answer.ts';
import { countAt, defined, type JsonObject } from './json-reading.ts';

/** The answers of embedding models behind Amazon Bedrock's `InvokeModel`: Titan, Cohere and Nova. */
export const invokeEmbedding = {
  // The model stands in the path: the kind that speaks this dialect writes its own.
  path: '',

  readAnswer(answer: JsonObject): Answer | undefined {
    const { embedding, embeddings } = answer;
    const embedded =
      Array.isArray(embedding) || (typeof embeddings === 'object' && embeddings !== null);
    if (!embedded) return undefined;
    const tokens = countAt(answer, 'inputTextTokenCount') ?? countAt(answer, 'inputTokenCount');
    return { usage: defined({ input_tokens: tokens }), refusal: false };
  },
};
