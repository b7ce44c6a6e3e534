/** What is known of the embedding models of one vendor on Amazon Bedrock. */
export interface EmbeddingFamily {
  name: 'titan' | 'cohere' | 'nova';
  inputsPerCall: number;
  /** The sizes that can be asked for; none where the model makes one size only. */
  dimensions: readonly number[];
  /** What the AI SDK calls the option for the size. */
  dimensionsOption: 'dimensions' | 'embeddingDimension' | 'outputDimension';
  /** What the model can be told the texts are for. */
  inputTypes: readonly string[];
  /** Options of the AI SDK that hold unless the caller says otherwise. */
  defaults: Readonly<Record<string, string | number>>;
}

/** @param model our name of the model, or the provider's: with or without a geography before it */
export function embeddingFamilyOf(model: string): EmbeddingFamily | undefined {
  return FAMILIES.find(([pattern]) => pattern.test(model))?.[1];
}

// `truncate: NONE`: the caller's own dialect refuses a text that is too long, and never cuts it.
// Sizes and limits: Amazon Bedrock's user guide, "Inference request parameters" of each family.
const titanV1: EmbeddingFamily = {
  name: 'titan',
  inputsPerCall: 1,
  dimensions: [],
  dimensionsOption: 'dimensions',
  inputTypes: [],
  defaults: {},
};

const cohereV3: EmbeddingFamily = {
  name: 'cohere',
  inputsPerCall: 96,
  dimensions: [],
  dimensionsOption: 'outputDimension',
  inputTypes: ['search_document', 'search_query', 'classification', 'clustering'],
  // Cohere must be told, and the caller's dialect has no word for it: most texts are to be found.
  defaults: { inputType: 'search_document', truncate: 'NONE' },
};

const nova: EmbeddingFamily = {
  name: 'nova',
  inputsPerCall: 1,
  dimensions: [256, 384, 1024, 3072],
  dimensionsOption: 'embeddingDimension',
  inputTypes: [],
  // Nova's own default; the AI SDK would ask for 1024.
  defaults: { embeddingDimension: 3072, truncate: 'NONE' },
};

/** The first that matches counts. */
const FAMILIES: readonly [pattern: RegExp, family: EmbeddingFamily][] = [
  [/titan-embed-text-v2/, { ...titanV1, dimensions: [256, 512, 1024] }],
  [/titan-embed-text|titan-embed-g1-text/, titanV1],
  [/(?:cohere\W|^)embed-v4/, { ...cohereV3, dimensions: [256, 512, 1024, 1536] }],
  [/(?:cohere\W|^)embed-/, cohereV3],
  [/nova-.*embed/, nova],
];
