import { modelFacts } from '@understudy/models';
import type { Dialect, NamedModel } from '@understudy/provider';

/** Preferred one first, for names of which nothing is known. */
export const DIALECTS: readonly Dialect[] = [
  'messages',
  'generate-content',
  'chat-completions',
  'embed-content',
  'predict-embedding',
];

/**
 * Claude is given files inline alone on Vertex (reported: "URL sources are not supported"); Gemini
 * fetches them.
 */
export const INLINE_FILES: readonly Dialect[] = ['messages'];

/**
 * How a name that only the operator knows (`claude-ft@001`) begins, and what is spoken there; the
 * longer beginning first.
 */
const DIALECT_BY_PREFIX: readonly (readonly [string, Dialect])[] = [
  ['claude-', 'messages'],
  ['gemini-embedding-001', 'predict-embedding'],
  ['gemini-embedding-', 'embed-content'],
  ['text-embedding-', 'predict-embedding'],
  ['text-multilingual-embedding-', 'predict-embedding'],
  ['gemini-', 'generate-content'],
];

/**
 * Vertex serves each publisher's models in the publisher's own dialect, and all others in OpenAI's.
 * Undefined for a name that says nothing.
 */
export function dialectsOf({ sent, canonical }: NamedModel): readonly Dialect[] | undefined {
  const dialect =
    canonical === undefined
      ? dialectOfName(sent)
      : (dialectOfModel(canonical) ?? dialectOfName(sent));
  return dialect === undefined ? undefined : [dialect];
}

function dialectOfModel(canonical: string): Dialect | undefined {
  const facts = modelFacts(canonical);
  if (facts === undefined) return undefined;
  if (facts.vendor === 'anthropic') return 'messages';
  if (facts.vendor !== 'gemini') return 'chat-completions';
  // Google's documentation of text embeddings: the first takes `predict`, later ones `embedContent`.
  return facts.task === 'embedding' ? dialectOfName(canonical) : 'generate-content';
}

function dialectOfName(sent: string): Dialect | undefined {
  const known = DIALECT_BY_PREFIX.find(([prefix]) => sent.startsWith(prefix));
  // Only models as a service are named with their publisher.
  return known?.[1] ?? (sent.includes('/') ? 'chat-completions' : undefined);
}
