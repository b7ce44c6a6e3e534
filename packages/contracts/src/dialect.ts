import { z } from 'zod';

/** The wire format of a request. `generate-content` is spoken by providers only, never by callers. */
export const dialectSchema = z.enum([
  'chat-completions',
  'responses',
  'messages',
  'embeddings',
  'generate-content',
]);
export type Dialect = z.infer<typeof dialectSchema>;

/** The endpoints a job may name, with the dialect of the body each one takes. */
export const DIALECT_BY_ENDPOINT = {
  '/v1/chat/completions': 'chat-completions',
  '/v1/responses': 'responses',
  '/v1/messages': 'messages',
  '/v1/embeddings': 'embeddings',
} as const satisfies Record<string, Dialect>;

export const endpointSchema = z.enum([
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/messages',
  '/v1/embeddings',
]);
export type Endpoint = z.infer<typeof endpointSchema>;
