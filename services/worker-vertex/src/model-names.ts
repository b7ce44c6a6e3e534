/** Claude: publisher `anthropic`, which writes dates after `@` and knows no alias. */
const claudeNames: Readonly<Record<string, string>> = {
  'claude-3-7-sonnet': 'claude-3-7-sonnet@20250219',
  'claude-3-5-haiku': 'claude-3-5-haiku@20241022',
  'claude-sonnet-4': 'claude-sonnet-4@20250514',
  'claude-opus-4': 'claude-opus-4@20250514',
  'claude-opus-4-1': 'claude-opus-4-1@20250805',
  'claude-sonnet-4-5': 'claude-sonnet-4-5@20250929',
  'claude-haiku-4-5': 'claude-haiku-4-5@20251001',
  'claude-opus-4-5': 'claude-opus-4-5@20251101',
  'claude-opus-4-6': 'claude-opus-4-6',
  'claude-sonnet-4-6': 'claude-sonnet-4-6',
  'claude-opus-4-7': 'claude-opus-4-7',
  'claude-opus-4-8': 'claude-opus-4-8',
  'claude-opus-5': 'claude-opus-5',
  'claude-sonnet-5': 'claude-sonnet-5',
  'claude-fable-5': 'claude-fable-5',
  'claude-fable-5-1': 'claude-fable-5-1',
  'claude-fable-5-2': 'claude-fable-5-2',
  'claude-opus-5-5': 'claude-opus-5-5',
  'claude-sonnet-5-5': 'claude-sonnet-5-5',
  'claude-haiku-5-5': 'claude-haiku-5-5',
};

/** Gemini, and the text embedding models before it: publisher `google`. */
const geminiNames: Readonly<Record<string, string>> = {
  'gemini-4-argon': 'gemini-4-argon',
  'gemini-4-carbon': 'gemini-4-carbon',
  'gemini-4-hydrogen': 'gemini-4-hydrogen',
  'gemini-3.8-flash': 'gemini-3.8-flash',
  'gemini-3.7-flash': 'gemini-3.7-flash',
  'gemini-3.6-flash': 'gemini-3.6-flash',
  'gemini-3.5-flash': 'gemini-3.5-flash',
  'gemini-3.5-flash-lite': 'gemini-3.5-flash-lite',
  'gemini-3.1-pro-preview': 'gemini-3.1-pro-preview',
  'gemini-3.1-flash-lite': 'gemini-3.1-flash-lite',
  'gemini-3-pro-preview': 'gemini-3-pro-preview',
  'gemini-3-flash-preview': 'gemini-3-flash-preview',
  'gemini-2.5-pro': 'gemini-2.5-pro',
  'gemini-2.5-flash': 'gemini-2.5-flash',
  'gemini-2.5-flash-lite': 'gemini-2.5-flash-lite',
  'gemini-embedding-001': 'gemini-embedding-001',
  'gemini-embedding-2': 'gemini-embedding-2',
  'text-embedding-005': 'text-embedding-005',
  'text-multilingual-embedding-002': 'text-multilingual-embedding-002',
};

/** Mistral: publisher `mistralai`, called by its own path. */
export const mistralNames: Readonly<Record<string, string>> = {
  'mistral-medium-2505': 'mistral-medium-3',
};

/** Open models as a service: `publisher/model-maas`, all behind one path. */
const openModelNames: Readonly<Record<string, string>> = {
  'gpt-oss-120b': 'openai/gpt-oss-120b-maas',
  'gpt-oss-20b': 'openai/gpt-oss-20b-maas',
  'llama-4-maverick': 'meta/llama-4-maverick-17b-128e-instruct-maas',
  'llama-4-scout': 'meta/llama-4-scout-17b-16e-instruct-maas',
  'llama-3.3-70b-instruct': 'meta/llama-3.3-70b-instruct-maas',
  'llama-3.1-8b-instruct': 'meta/llama-3.1-8b-instruct-maas',
  'llama-3.1-70b-instruct': 'meta/llama-3.1-70b-instruct-maas',
  'llama-3.1-405b-instruct': 'meta/llama-3.1-405b-instruct-maas',
  'qwen3-next-80b-a3b-instruct': 'qwen/qwen3-next-80b-a3b-instruct-maas',
  'qwen3-coder-480b-a35b-instruct': 'qwen/qwen3-coder-480b-a35b-instruct-maas',
  'qwen3-235b-a22b-instruct-2507': 'qwen/qwen3-235b-a22b-instruct-2507-maas',
  'deepseek-v3.2': 'deepseek-ai/deepseek-v3.2-maas',
  'deepseek-v3.1': 'deepseek-ai/deepseek-v3.1-maas',
  'deepseek-r1-0528': 'deepseek-ai/deepseek-r1-0528-maas',
};

/** Canonical name → the model's name on Vertex. */
export const modelNames: Readonly<Record<string, string>> = {
  ...claudeNames,
  ...geminiNames,
  ...mistralNames,
  ...openModelNames,
};
