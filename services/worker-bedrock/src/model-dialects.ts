import { modelFacts } from '@understudy/models';
import type { Dialect, NamedModel, RefusedMember } from '@understudy/provider';
import { publisherOfId } from './geographies.ts';
import { isMantleId } from './model-names.ts';

/**
 * What every model is asked in of which nothing else is known: all that complete speak Converse,
 * those that embed are invoked.
 */
export const ANY_MODEL: readonly Dialect[] = ['converse', 'invoke-embedding'];

/**
 * `Converse` and `InvokeModel` take the bytes of a file, or its place in S3; of URLs on the web
 * they know nothing.
 */
export const INLINE_FILES: readonly Dialect[] = ['converse', 'messages'];

const NEWER_THAN_4_6 = [
  'claude-opus-4-7',
  'claude-opus-4-8',
  'claude-opus-5',
  'claude-sonnet-5',
  'claude-fable-5',
  'claude-fable-5-1',
  'claude-fable-5-2',
  'claude-opus-5-5',
  'claude-sonnet-5-5',
  'claude-haiku-5-5',
];

/**
 * Members of Messages that Bedrock's own copy of it has not, and answers with "Extra inputs are not
 * permitted" (reported as vercel/ai#14773, vercel/ai#19988 and lobehub/lobehub#19876). Converse
 * tells the model of a schema where it cannot enforce one.
 */
export const REFUSED: Readonly<Partial<Record<Dialect, readonly RefusedMember[]>>> = {
  messages: [
    {
      path: 'output_config.format',
      message: 'is refused by Bedrock for this model',
      models: [...NEWER_THAN_4_6, 'claude-sonnet-4-6', 'claude-haiku-4-5'],
      by: 'converse',
    },
    {
      path: 'tools[].strict',
      holds: false,
      message: 'is refused by Bedrock for this model: the schema is told to it, and not enforced',
      models: NEWER_THAN_4_6,
    },
  ],
};

const DIALECTS_BY_PUBLISHER: Readonly<Record<string, readonly Dialect[]>> = {
  // InvokeModel takes Anthropic's own body, and with it what Converse has no member for; but of
  // most models it refuses `output_config.format`, so what must be translated goes to Converse.
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
