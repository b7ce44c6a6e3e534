import { type Geography, geographyOfId, isReachable, MODEL_IDS } from './geographies.ts';

/**
 * Canonical name → the id that serves it best where nothing is said of a geography: the global
 * profile where there is one.
 */
export const modelNames: Readonly<Record<string, string>> = {
  'claude-3-7-sonnet': 'us.anthropic.claude-3-7-sonnet-20250219-v1:0',
  'claude-3-5-haiku': 'us.anthropic.claude-3-5-haiku-20241022-v1:0',
  'claude-sonnet-4': 'global.anthropic.claude-sonnet-4-20250514-v1:0',
  'claude-opus-4': 'us.anthropic.claude-opus-4-20250514-v1:0',
  'claude-opus-4-1': 'us.anthropic.claude-opus-4-1-20250805-v1:0',
  'claude-sonnet-4-5': 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
  'claude-haiku-4-5': 'global.anthropic.claude-haiku-4-5-20251001-v1:0',
  'claude-opus-4-5': 'global.anthropic.claude-opus-4-5-20251101-v1:0',
  'claude-opus-4-6': 'global.anthropic.claude-opus-4-6-v1',
  'claude-sonnet-4-6': 'global.anthropic.claude-sonnet-4-6',
  'claude-opus-4-7': 'global.anthropic.claude-opus-4-7',
  'claude-opus-4-8': 'global.anthropic.claude-opus-4-8',
  'claude-opus-5': 'global.anthropic.claude-opus-5',
  'claude-sonnet-5': 'global.anthropic.claude-sonnet-5',
  'claude-fable-5': 'global.anthropic.claude-fable-5',
  'claude-fable-5-1': 'global.anthropic.claude-fable-5-1',
  'claude-fable-5-2': 'global.anthropic.claude-fable-5-2',
  'claude-opus-5-5': 'global.anthropic.claude-opus-5-5',
  'claude-sonnet-5-5': 'global.anthropic.claude-sonnet-5-5',
  'claude-haiku-5-5': 'global.anthropic.claude-haiku-5-5',
  'gpt-6.1-sol': 'global.openai.gpt-6.1-sol',
  'gpt-6.1-terra': 'global.openai.gpt-6.1-terra',
  'gpt-6-astra': 'global.openai.gpt-6-astra',
  'gpt-6-sol': 'global.openai.gpt-6-sol',
  'gpt-6-luna': 'global.openai.gpt-6-luna',
  'gpt-5.6-sol': 'global.openai.gpt-5.6-sol',
  'gpt-5.6-terra': 'global.openai.gpt-5.6-terra',
  'gpt-5.6-luna': 'global.openai.gpt-5.6-luna',
  'gpt-5.5': 'openai.gpt-5.5',
  'gpt-5.4': 'openai.gpt-5.4',
  'gpt-oss-120b': 'openai.gpt-oss-120b-1:0',
  'gpt-oss-20b': 'openai.gpt-oss-20b-1:0',
  'llama-4-maverick': 'us.meta.llama4-maverick-17b-instruct-v1:0',
  'llama-4-scout': 'us.meta.llama4-scout-17b-instruct-v1:0',
  'llama-3.3-70b-instruct': 'us.meta.llama3-3-70b-instruct-v1:0',
  'llama-3.1-8b-instruct': 'us.meta.llama3-1-8b-instruct-v1:0',
  'llama-3.1-70b-instruct': 'us.meta.llama3-1-70b-instruct-v1:0',
  'llama-3.1-405b-instruct': 'meta.llama3-1-405b-instruct-v1:0',
  'mistral-large-2512': 'mistral.mistral-large-3-675b-instruct',
  'devstral-2512': 'mistral.devstral-2-123b',
  'ministral-14b-2512': 'mistral.ministral-3-14b-instruct',
  'ministral-8b-2512': 'mistral.ministral-3-8b-instruct',
  'ministral-3b-2512': 'mistral.ministral-3-3b-instruct',
  'qwen3-next-80b-a3b-instruct': 'qwen.qwen3-next-80b-a3b',
  'qwen3-coder-480b-a35b-instruct': 'qwen.qwen3-coder-480b-a35b-v1:0',
  'qwen3-coder-30b-a3b-instruct': 'qwen.qwen3-coder-30b-a3b-v1:0',
  'qwen3-coder-next': 'qwen.qwen3-coder-next',
  'qwen3-235b-a22b-instruct-2507': 'qwen.qwen3-235b-a22b-2507-v1:0',
  'qwen3-vl-235b-a22b-instruct': 'qwen.qwen3-vl-235b-a22b',
  'qwen3-32b': 'qwen.qwen3-32b-v1:0',
  'deepseek-v3.2': 'deepseek.v3.2',
  'deepseek-v3.1': 'deepseek.v3-v1:0',
  'deepseek-r1': 'us.deepseek.r1-v1:0',
  'grok-4.7': 'global.xai.grok-4.7',
  'grok-4.6': 'global.xai.grok-4.6',
  'grok-4.3': 'xai.grok-4.3',
  'titan-embed-text-v2': 'amazon.titan-embed-text-v2:0',
  'cohere-embed-english-v3': 'cohere.embed-english-v3',
  'cohere-embed-multilingual-v3': 'cohere.embed-multilingual-v3',
  'cohere-embed-v4': 'global.cohere.embed-v4:0',
};

/**
 * Canonical name → the id at Bedrock's second host, `bedrock-mantle`, where that differs: it knows
 * no versions. A target, or the provider's `models`, that names it sends a job there.
 */
export const mantleNames: Readonly<Record<string, string>> = {
  'gpt-oss-120b': 'openai.gpt-oss-120b',
  'gpt-oss-20b': 'openai.gpt-oss-20b',
};

const MANTLE_IDS: ReadonlySet<string> = new Set(Object.values(mantleNames));

/** Whether an id is one that only `bedrock-mantle` knows. */
export function isMantleId(id: string): boolean {
  return MANTLE_IDS.has(id);
}

/**
 * The ids for one provider. With a geography, a model has the id of that geography, or its
 * preferred one where that stays inside; else it has none, so that nothing is sent elsewhere.
 * Without one, profiles that the region cannot call give way to those it can.
 */
export function modelNamesIn(
  geography: Geography | undefined,
  region: string,
): Readonly<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const [canonical, preferred] of Object.entries(modelNames)) {
    const id =
      geography === undefined
        ? idForRegion(canonical, preferred, region)
        : idWithin(canonical, preferred, geography, region);
    if (id !== undefined) ids[canonical] = id;
  }
  return ids;
}

function idWithin(
  canonical: string,
  preferred: string,
  geography: Geography,
  region: string,
): string | undefined {
  const listed = MODEL_IDS[geography][canonical];
  if (listed !== undefined) return listed;
  const wider = geographyOfId(preferred);
  // An id without prefix is served in the region itself.
  const fits = wider === 'none' || (geography === 'global' && isReachable(wider, region));
  return fits ? preferred : undefined;
}

function idForRegion(canonical: string, preferred: string, region: string): string | undefined {
  if (isReachable(geographyOfId(preferred), region)) return preferred;
  // From the narrowest to the widest that is left.
  const order: readonly Geography[] = ['jp', 'au', 'in', 'us-gov', 'us', 'eu', 'apac'];
  const reachable = order.filter((geography) => isReachable(geography, region));
  return reachable
    .map((geography) => MODEL_IDS[geography][canonical])
    .find((id) => id !== undefined);
}
