import { isObject } from '../callers/json-reading.ts';
import { UntranslatableError } from '../loss.ts';
import type { EmbeddingCodec } from './embedding-codec.ts';
import { optionLoss } from './option-loss.ts';

/**
 * Google's `predict` of text embedding models on Vertex AI. Texts beyond a model's window are
 * refused, as the caller's own dialect does it, and not cut, which is the default there.
 */
export const predictEmbedding: EmbeddingCodec = {
  async encode({ inputs, dimensions, inputType }, model) {
    const most = inputsPerCall(model);
    if (inputs.length > most) {
      const reason = `the model takes ${most} per call, not ${inputs.length}`;
      throw new UntranslatableError('input', reason);
    }
    const size = dimensions === undefined ? {} : { outputDimensionality: dimensions.value };
    return {
      body: {
        instances: inputs.map((content) => ({ content })),
        parameters: { autoTruncate: false, ...size },
      },
      losses: optionLoss(inputType, 'is not carried to Google'),
    };
  },

  async decode(answer) {
    const parsed: unknown = JSON.parse(Buffer.from(answer).toString());
    const predictions: unknown = isObject(parsed) ? parsed['predictions'] : undefined;
    return Array.isArray(predictions) ? predictions.map(valuesOf) : [];
  },
};

// Google's documentation of the text embeddings API, "API limits": 250 texts in one request, but
// of the Gemini model one alone.
function inputsPerCall(model: string): number {
  return model.startsWith('gemini-') ? 1 : 250;
}

function valuesOf(prediction: unknown): number[] {
  const embeddings: unknown = isObject(prediction) ? prediction['embeddings'] : undefined;
  const values: unknown = isObject(embeddings) ? embeddings['values'] : undefined;
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'number')) {
    throw new TypeError('a prediction without an embedding');
  }
  return values;
}
