import type { Dialect } from '@understudy/contracts';
import { isEmbeddingDialect } from '@understudy/contracts';
import { vendorOf } from './canonical-name.ts';

/** What holds of a model wherever it is served. */
export interface ModelFacts {
  /** Whose own model it is. */
  vendor: string;
  task: 'completion' | 'embedding';
  /** Where its vendor's API layout is kept, it is reached in the dialect `responses` alone. */
  responsesOnly?: true;
  /** In chat completions it calls functions only without reasoning; in `responses` it does both. */
  reasonsBesideFunctionsInResponses?: true;
}

const EMBEDDING_MODELS: ReadonlySet<string> = new Set([
  'text-embedding-3-large',
  'text-embedding-3-small',
  'gemini-embedding-001',
  'gemini-embedding-2',
  'text-embedding-005',
  'text-multilingual-embedding-002',
  'titan-embed-text-v2',
  'cohere-embed-v4',
  'cohere-embed-english-v3',
  'cohere-embed-multilingual-v3',
  'mistral-embed',
]);

// OpenAI's SDK (7.57.0, `ResponsesModel` beside `ChatModel`) and the AI SDK's model catalogue
// (@ai-sdk/openai 4.0.118) say so of most. Of gpt-5.1-codex, gpt-5.2-pro and gpt-5.4-pro the two
// disagree or are silent; all agree that these answer in `responses`, so that is where they go.
const RESPONSES_ONLY_MODELS: ReadonlySet<string> = new Set([
  'gpt-5-codex',
  'gpt-5.1-codex',
  'gpt-5.1-codex-max',
  'gpt-5.1-codex-mini',
  'gpt-5.2-codex',
  'gpt-5.3-codex',
  'gpt-5-pro',
  'gpt-5.2-pro',
  'gpt-5.4-pro',
  'gpt-5.5-pro',
  'o3-pro',
]);

/**
 * Refuse functions in chat completions while they reason, also where no effort is asked for
 * (@ai-sdk/openai 4.0.118).
 */
export const NO_FUNCTIONS_WHILE_REASONING: readonly string[] = [
  'gpt-5.6-luna',
  'gpt-5.6-sol',
  'gpt-5.6-terra',
];

/** Undefined for a name that the catalog does not know. */
export function modelFacts(canonical: string): ModelFacts | undefined {
  const vendor = vendorOf(canonical);
  if (vendor === undefined) return undefined;
  return {
    vendor,
    task: EMBEDDING_MODELS.has(canonical) ? 'embedding' : 'completion',
    ...(RESPONSES_ONLY_MODELS.has(canonical) && { responsesOnly: true }),
    ...(NO_FUNCTIONS_WHILE_REASONING.includes(canonical) && {
      reasonsBesideFunctionsInResponses: true,
    }),
  };
}

/**
 * Those of a provider's dialects in which it serves one model: an embedding model answers none
 * that asks for a completion, and the other way round. Undefined for a model that nothing is known
 * of, which may be reached in any of them.
 */
export function dialectsForTask(
  canonical: string | undefined,
  dialects: readonly Dialect[],
): readonly Dialect[] | undefined {
  const facts = canonical === undefined ? undefined : modelFacts(canonical);
  if (facts === undefined) return undefined;
  return dialects.filter((dialect) => isEmbeddingDialect(dialect) === (facts.task === 'embedding'));
}

/** As `dialectsForTask`, for providers that keep OpenAI's layout: some models speak `responses` alone. */
export function openAiDialectsOf(
  canonical: string | undefined,
  dialects: readonly Dialect[],
): readonly Dialect[] | undefined {
  if (canonical !== undefined && modelFacts(canonical)?.responsesOnly) {
    return dialects.filter((dialect) => dialect === 'responses');
  }
  return dialectsForTask(canonical, dialects);
}
