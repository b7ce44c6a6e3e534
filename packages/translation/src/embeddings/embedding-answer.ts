import type { AnswerContext, WrittenAnswer } from '../translator.ts';
import type { EmbeddingRequest } from './embedding-request.ts';

/** OpenAI's answer to a request for embeddings. */
export function writeEmbeddingAnswer(
  embeddings: readonly (readonly number[])[],
  encodingFormat: EmbeddingRequest['encodingFormat'],
  { model, usage }: AnswerContext,
): WrittenAnswer {
  const tokens = usage.input_tokens;
  const data = embeddings.map((embedding, index) => ({
    object: 'embedding',
    index,
    embedding: encodingFormat === 'base64' ? base64Of(embedding) : embedding,
  }));
  // OpenAI's answer always counts tokens; a provider that does not count leaves nothing to say.
  const usageUnknown = {
    field: 'usage',
    message: 'The provider does not count the tokens of embeddings; 0 stands for unknown.',
  };
  return {
    body: {
      object: 'list',
      data,
      model,
      usage: { prompt_tokens: tokens ?? 0, total_tokens: tokens ?? 0 },
    },
    losses: tokens === undefined ? [usageUnknown] : [],
  };
}

/** 32-bit floats, little-endian, which is what OpenAI's SDKs read back. */
function base64Of(embedding: readonly number[]): string {
  const bytes = Buffer.alloc(embedding.length * Float32Array.BYTES_PER_ELEMENT);
  embedding.forEach((value, index) => {
    bytes.writeFloatLE(value, index * Float32Array.BYTES_PER_ELEMENT);
  });
  return bytes.toString('base64');
}
