import { z } from 'zod';

/** The wire format of a request; the last five are spoken by providers only, never by callers. */
export const dialectSchema = z.enum([
  'chat-completions',
  'responses',
  'messages',
  'embeddings',
  /** Google's `generateContent`. */
  'generate-content',
  /** Google's `embedContent`. */
  'embed-content',
  /** Google's `predict`, as its text embedding models take it on Vertex AI. */
  'predict-embedding',
  /** Amazon Bedrock's `Converse`. */
  'converse',
  /** The body of an embedding model behind Amazon Bedrock's `InvokeModel`. */
  'invoke-embedding',
]);
export type Dialect = z.infer<typeof dialectSchema>;

/** A dialect in which callers may send a body, and get their answer. */
export const callerDialectSchema = dialectSchema.extract([
  'chat-completions',
  'responses',
  'messages',
  'embeddings',
]);
export type CallerDialect = z.infer<typeof callerDialectSchema>;

/** The dialects that ask for embeddings; all others ask for a completion. */
const EMBEDDING_DIALECTS: readonly Dialect[] = [
  'embeddings',
  'embed-content',
  'predict-embedding',
  'invoke-embedding',
];

export function isEmbeddingDialect(dialect: Dialect): boolean {
  return EMBEDDING_DIALECTS.includes(dialect);
}

/** The endpoints a job may name, with the dialect of the body each one takes. */
export const DIALECT_BY_ENDPOINT = {
  '/v1/chat/completions': 'chat-completions',
  '/v1/responses': 'responses',
  '/v1/messages': 'messages',
  '/v1/embeddings': 'embeddings',
} as const satisfies Record<string, CallerDialect>;

export const endpointSchema = z.enum([
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/messages',
  '/v1/embeddings',
]);
export type Endpoint = z.infer<typeof endpointSchema>;
