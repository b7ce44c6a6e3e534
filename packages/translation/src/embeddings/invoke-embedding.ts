import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { UntranslatableError } from '../loss.ts';
import { answeringFetch, capturingFetch } from '../codec-fetch.ts';
import type { EmbeddingCodec } from './embedding-codec.ts';
import { type EmbeddingFamily, embeddingFamilyOf } from './embedding-family.ts';
import type { EmbeddingRequest } from './embedding-request.ts';
import { optionLoss } from './option-loss.ts';

/** The bodies of embedding models behind Amazon Bedrock's `InvokeModel`. */
export const invokeEmbedding: EmbeddingCodec = {
  async encode(request, model) {
    const family = familyFor(request, model);
    const carried = carriedOptions(request, family);
    const { fetch, body } = capturingFetch({ embedding: [0], inputTextTokenCount: 0 });
    await embeddingModel(model, fetch, family.name).doEmbed({
      values: [...request.inputs],
      providerOptions: {
        amazonBedrock: {
          ...family.defaults,
          ...(carried.dimensions && { [family.dimensionsOption]: carried.dimensions.value }),
          ...(carried.inputType && { inputType: carried.inputType.value }),
        },
      },
    });
    const lostDimensions = carried.dimensions === undefined ? request.dimensions : undefined;
    const lostInputType = carried.inputType === undefined ? request.inputType : undefined;
    return {
      body: body(),
      losses: [
        ...optionLoss(lostDimensions, `is not carried: the model makes ${sizesOf(family)}`),
        ...optionLoss(lostInputType, 'is not one that the model knows, and is not carried'),
      ],
    };
  },

  async decode(answer) {
    // The form of the answer tells the family, so any one of them reads all.
    const model = embeddingModel('any', answeringFetch(answer), 'titan');
    const { embeddings } = await model.doEmbed({ values: [''] });
    return embeddings;
  },
};

function familyFor({ inputs }: EmbeddingRequest, model: string): EmbeddingFamily {
  const family = embeddingFamilyOf(model);
  if (family === undefined) {
    throw new UntranslatableError(
      'model',
      'the body of this embedding model is unknown; Titan, Cohere and Nova are known by name',
    );
  }
  if (inputs.length > family.inputsPerCall) {
    throw new UntranslatableError(
      'input',
      `the model takes ${family.inputsPerCall} per call, not ${inputs.length}`,
    );
  }
  return family;
}

function carriedOptions(
  { dimensions, inputType }: EmbeddingRequest,
  family: EmbeddingFamily,
): Pick<EmbeddingRequest, 'dimensions' | 'inputType'> {
  return {
    ...(dimensions && family.dimensions.includes(dimensions.value) && { dimensions }),
    ...(inputType && family.inputTypes.includes(inputType.value) && { inputType }),
  };
}

function sizesOf({ dimensions }: EmbeddingFamily): string {
  return dimensions.length === 0 ? 'one size only' : `sizes ${dimensions.join(', ')}`;
}

function embeddingModel(
  model: string,
  fetch: typeof globalThis.fetch,
  modelFamily: EmbeddingFamily['name'],
) {
  // With a key and a base URL given, neither is looked for in the environment.
  const bedrock = createAmazonBedrock({
    apiKey: 'unused',
    baseURL: 'https://unused.invalid',
    fetch,
  });
  return bedrock.embedding(model, { modelFamily });
}
