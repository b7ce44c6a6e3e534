import { createGoogle } from '@ai-sdk/google';
import { UntranslatableError } from '../loss.ts';
import { answeringFetch, capturingFetch } from '../codec-fetch.ts';
import type { EmbeddingCodec } from './embedding-codec.ts';
import { optionLoss } from './option-loss.ts';

/**
 * Google's `embedContent`, one content per call. Its batch form is another method, which Vertex AI
 * does not have; the Gemini API, which has it, speaks `embeddings` itself.
 */
export const embedContent: EmbeddingCodec = {
  async encode({ inputs, dimensions, inputType }, model) {
    const [input] = inputs;
    if (input === undefined || inputs.length > 1) {
      throw new UntranslatableError('input', `embedContent takes one text, not ${inputs.length}`);
    }
    const { fetch, body } = capturingFetch({ embedding: { values: [0] } });
    await embeddingModel(model, fetch).doEmbed({
      values: [input],
      ...(dimensions !== undefined && { dimensions: dimensions.value }),
    });
    // The name that is sent stands in the path.
    const { model: _, ...encoded } = body();
    return { body: encoded, losses: optionLoss(inputType, 'is not carried to Gemini') };
  },

  async decode(answer) {
    const { embeddings } = await embeddingModel('any', answeringFetch(answer)).doEmbed({
      // The number of values chooses the form of the answer that is expected: of one content.
      values: [''],
    });
    return embeddings;
  },
};

function embeddingModel(model: string, fetch: typeof globalThis.fetch) {
  return createGoogle({ apiKey: 'unused', fetch }).embedding(model);
}
