import type { Dialect } from '@understudy/contracts';
import type { ProviderDialectCodec } from '../translator.ts';

/** The completion dialects in which providers are called. */
export type CompletionDialect = Exclude<
  Dialect,
  'embeddings' | 'embed-content' | 'predict-embedding' | 'invoke-embedding'
>;

// Each SDK package takes a while to load: a worker loads those of the dialects that it calls.
const CODECS: Readonly<Record<CompletionDialect, () => Promise<ProviderDialectCodec>>> = {
  'chat-completions': async () => (await import('./chat-completions.ts')).chatCompletionsCodec,
  responses: async () => (await import('./responses.ts')).responsesCodec,
  messages: async () => (await import('./messages.ts')).messagesCodec,
  'generate-content': async () => (await import('./generate-content.ts')).generateContentCodec,
  converse: async () => (await import('./converse.ts')).converseCodec,
};

export function isCompletionDialect(dialect: Dialect): dialect is CompletionDialect {
  return Object.hasOwn(CODECS, dialect);
}

/** Loads the codec of a dialect with the first call for it. */
export async function codecOf(dialect: CompletionDialect): Promise<ProviderDialectCodec> {
  return await CODECS[dialect]();
}
