import { modelFacts } from '@understudy/models';
import type { Dialect, NamedModel } from '@understudy/provider';
import { publisherOfId } from './geographies.ts';
import { isMantleId } from './model-names.ts';

/**
 * What every model is asked in of which nothing else is known: all that complete speak Converse,
 * those that embed are invoked.
 */
export const ANY_MODEL: readonly Dialect[] = ['converse', 'invoke-embedding'];

const DIALECTS_BY_PUBLISHER: Readonly<Record<string, readonly Dialect[]>> = {
  // InvokeModel takes Anthropic's own body, and with it what Converse has no member for; but it
  // refuses `output_config.format`, so what must be translated goes to Converse.
  anthropic: ['converse', 'messages'],
  openai: ['chat-completions', 'responses', 'converse'],
};

/** Of `bedrock-mantle`, which has no Converse. */
const MANTLE_DIALECTS: readonly Dialect[] = ['chat-completions', 'responses'];

/** Undefined for a model of unknown make, such as an application inference profile. */
export function dialectsOfModel({ sent, canonical }: NamedModel): readonly Dialect[] | undefined {
  if (isMantleId(sent)) return MANTLE_DIALECTS;
  const facts = canonical === undefined ? undefined : modelFacts(canonical);
  const publisher = facts?.vendor ?? publisherOfId(sent);
  // Titan, Cohere and Nova all have it in the ids of their embedding models and of no others.
  const embeds = facts === undefined ? sent.includes('embed') : facts.task === 'embedding';
  if (embeds) return ['invoke-embedding'];
  if (publisher === undefined) return undefined;
  return DIALECTS_BY_PUBLISHER[publisher] ?? ['converse'];
}
