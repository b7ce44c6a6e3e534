import { modelFacts } from '@understudy/models';
import type { Dialect, NamedModel } from '@understudy/provider';

/** Preferred one first, for names of which nothing is known. */
export const DIALECTS: readonly Dialect[] = [
  'messages',
  'generate-content',
  'chat-completions',
  'embed-content',
];

/**
 * How a name that only the operator knows (`claude-ft@001`) begins, and what is spoken there; the
 * longer beginning first.
 */
const DIALECT_BY_PREFIX: readonly (readonly [string, Dialect])[] = [
  ['claude-', 'messages'],
  ['gemini-embedding-', 'embed-content'],
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

/**
 * Claude is given files inline alone on Vertex (reported: "URL sources are not supported"); Gemini
 * fetches them.
 */
export function inlineFilesOnly(model: NamedModel): boolean {
  return dialectsOf(model)?.[0] === 'messages';
}

function dialectOfModel(canonical: string): Dialect | undefined {
  const facts = modelFacts(canonical);
  if (facts === undefined) return undefined;
  if (facts.vendor === 'anthropic') return 'messages';
  if (facts.vendor !== 'gemini') return 'chat-completions';
  return facts.task === 'embedding' ? 'embed-content' : 'generate-content';
}

function dialectOfName(sent: string): Dialect | undefined {
  const known = DIALECT_BY_PREFIX.find(([prefix]) => sent.startsWith(prefix));
  // Only models as a service are named with their publisher.
  return known?.[1] ?? (sent.includes('/') ? 'chat-completions' : undefined);
}
