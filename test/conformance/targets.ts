/** One model at one provider, as every kind of job is sent to it. */
export interface Target {
  /** Name of its route, and of its row in the tables. */
  name: string;
  /** As configured in `providers`. */
  provider: Provider;
  /** Our name of the model. */
  model: string;
  /** In which dialect a body of each caller dialect must arrive. */
  dialects: Readonly<Record<'chat-completions' | 'responses' | 'messages', string>>;
}

/**
 * Everything the operator would write, but for the addresses of the vendors; and the header that
 * carries the credentials, with how it begins.
 */
export const PROVIDERS = {
  anthropic: {
    kind: 'anthropic',
    path: '',
    settings: 'apiKey: anthropic-test-key',
    header: ['x-api-key', 'anthropic-test-key'],
  },
  openai: {
    kind: 'openai',
    path: '/v1',
    settings: 'apiKey: openai-test-key',
    header: ['authorization', 'Bearer openai-test-key'],
  },
  azure: {
    kind: 'azure',
    path: '/openai/v1',
    settings: 'apiKey: azure-test-key',
    header: ['api-key', 'azure-test-key'],
  },
  vertex: {
    kind: 'vertex',
    path: '',
    settings: 'project: test-project, location: us-central1, accessToken: vertex-test-token',
    header: ['authorization', 'Bearer vertex-test-token'],
  },
  gemini: {
    kind: 'gemini',
    path: '',
    settings: 'apiKey: gemini-test-key',
    header: ['x-goog-api-key', 'gemini-test-key'],
  },
  bedrock: {
    kind: 'bedrock',
    path: '',
    settings: 'region: us-east-1',
    header: ['authorization', 'AWS4-HMAC-SHA256'],
  },
  databricks: {
    kind: 'databricks',
    path: '',
    settings: 'host: dbc-test.cloud.databricks.com, token: dapi-test-token',
    header: ['authorization', 'Bearer dapi-test-token'],
  },
  groq: {
    kind: 'openai-compatible',
    path: '/openai/v1',
    settings: 'preset: groq, apiKey: groq-test-key',
    header: ['authorization', 'Bearer groq-test-key'],
  },
  mistral: {
    kind: 'openai-compatible',
    path: '/v1',
    settings: 'preset: mistral, apiKey: mistral-test-key',
    header: ['authorization', 'Bearer mistral-test-key'],
  },
} as const;
export type Provider = keyof typeof PROVIDERS;
/** Each under its own name. */
export const ALL_PROVIDERS: Readonly<Record<string, Provider>> = {
  anthropic: 'anthropic',
  openai: 'openai',
  azure: 'azure',
  vertex: 'vertex',
  gemini: 'gemini',
  bedrock: 'bedrock',
  databricks: 'databricks',
  groq: 'groq',
  mistral: 'mistral',
} satisfies { [Name in Provider]: Name };

const everywhere = (dialect: string): Target['dialects'] => ({
  'chat-completions': dialect,
  responses: dialect,
  messages: dialect,
});
const OPENAI = {
  'chat-completions': 'chat-completions',
  responses: 'responses',
  messages: 'chat-completions',
} as const;

const CLAUDE = 'claude-sonnet-4-5';
const GPT = 'gpt-5.5';
const GEMINI = 'gemini-2.5-pro';
const LLAMA = 'llama-3.3-70b-instruct';

/** Each kind of provider, with a model of every family that it serves in another way. */
export const TARGETS: readonly Target[] = [
  target('anthropic', CLAUDE, everywhere('messages')),
  target('openai', GPT, OPENAI),
  target('openai', 'gpt-5.5-pro', everywhere('responses')),
  target('azure', GPT, OPENAI),
  target('azure', CLAUDE, everywhere('messages')),
  target('vertex', GEMINI, everywhere('generate-content')),
  target('vertex', CLAUDE, everywhere('messages')),
  target('vertex', LLAMA, everywhere('chat-completions')),
  target('gemini', GEMINI, everywhere('generate-content')),
  target('bedrock', CLAUDE, { ...everywhere('converse'), messages: 'messages' }),
  target('bedrock', LLAMA, everywhere('converse')),
  target('bedrock', 'gpt-oss-120b', OPENAI),
  target('databricks', CLAUDE, {
    ...everywhere('messages'),
    'chat-completions': 'chat-completions',
  }),
  target('databricks', GPT, { ...everywhere('responses'), 'chat-completions': 'chat-completions' }),
  target('databricks', GEMINI, {
    ...everywhere('generate-content'),
    'chat-completions': 'chat-completions',
  }),
  target('databricks', LLAMA, everywhere('chat-completions')),
  target('groq', LLAMA, OPENAI),
  target('mistral', 'mistral-large-2512', everywhere('chat-completions')),
];

function target(provider: Provider, model: string, dialects: Target['dialects']): Target {
  return { name: `${provider}/${model}`, provider, model, dialects };
}

/** An embedding model, and what its provider's API cannot do by its nature. */
export interface EmbeddingTarget {
  name: string;
  provider: Provider;
  model: string;
  dialect: string;
  /** Why several texts cannot be sent in one call; absent where they can. */
  oneText?: string;
}

export const EMBEDDING_TARGETS: readonly EmbeddingTarget[] = [
  embeddingTarget('openai', 'text-embedding-3-small', 'embeddings'),
  embeddingTarget('azure', 'text-embedding-3-small', 'embeddings'),
  embeddingTarget('vertex', 'gemini-embedding-2', 'embed-content', '`embedContent` takes one text'),
  embeddingTarget(
    'vertex',
    'gemini-embedding-001',
    'predict-embedding',
    '`predict` takes one text of this model',
  ),
  embeddingTarget('vertex', 'text-embedding-005', 'predict-embedding'),
  embeddingTarget('gemini', 'gemini-embedding-001', 'embeddings'),
  embeddingTarget('bedrock', 'titan-embed-text-v2', 'invoke-embedding', 'Titan takes one text'),
  embeddingTarget('bedrock', 'cohere-embed-v4', 'invoke-embedding'),
  embeddingTarget('databricks', 'databricks-gte-large-en', 'embeddings'),
  embeddingTarget('mistral', 'mistral-embed', 'embeddings'),
];

/** Kinds that no embedding can be had from. */
export const WITHOUT_EMBEDDINGS: Readonly<Record<string, string>> = {
  anthropic: 'Anthropic has no API for embeddings, on none of the platforms that serve Claude',
};

function embeddingTarget(
  provider: Provider,
  model: string,
  dialect: string,
  oneText?: string,
): EmbeddingTarget {
  const name = `${provider}/${model}`;
  return { name, provider, model, dialect, ...(oneText === undefined ? {} : { oneText }) };
}

/**
 * Part of an understudy.yaml: these providers at `url`, each below a path of its own name.
 * @param providers name → what it is configured as
 */
export function configuredProviders(
  url: string,
  providers: Readonly<Record<string, Provider>>,
): string {
  const lines = Object.entries(providers).map(([name, like]) => {
    const { kind, path, settings } = PROVIDERS[like];
    const baseUrl = `${url}/${name}${path}`;
    return `  ${name}: { kind: ${kind}, baseUrl: "${baseUrl}", passthrough: true, ${settings} }`;
  });
  return `providers:\n${lines.join('\n')}\n`;
}

/** Part of an understudy.yaml: images are fetched from the vendors' address, which is here. */
export function imagesFrom(url: string): string {
  return `outbound: { allow: ["${new URL(url).host}"] }\n`;
}

/** Part of an understudy.yaml: one route for each target, which is all it has. */
export function routesToEach(): string {
  const lines = [...TARGETS, ...EMBEDDING_TARGETS].map(
    ({ name, provider, model }) =>
      `  "${name}": { targets: [ { provider: ${provider}, model: "${model}" } ], maxCalls: 1 }`,
  );
  return `routes:\n${lines.join('\n')}\n`;
}
