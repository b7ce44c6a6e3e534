import type { LanguageModelV4Content, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import type { Usage } from '@understudy/contracts';
import type { Loss } from '../../loss.ts';

type PartOf<Type> = Extract<LanguageModelV4Content, { type: Type }>;
export type AnswerPart = PartOf<'text'> | PartOf<'reasoning'> | PartOf<'tool-call'>;

/** What of an answer OpenAI's dialects have a place for, in order, and what they have none for. */
export interface AnswerParts {
  parts: AnswerPart[];
  losses: Loss[];
}

/** @param field where the answer's parts stand, for losses: `choices[0].message` */
export function readAnswerParts(
  content: readonly LanguageModelV4Content[],
  field: string,
): AnswerParts {
  const losses = new Map<string, Loss>();
  const lose = (message: string) => losses.set(message, { field, message });
  const parts: AnswerPart[] = [];

  for (const part of content) {
    if (part.type === 'text' || part.type === 'reasoning') {
      if (part.text !== '') parts.push(part);
      if (isSealed(part)) lose(SEALED);
      if (part.type === 'text' && (part.citations ?? []).length > 0) lose(LOST.source);
    } else if (part.type === 'tool-call' && part.providerExecuted !== true) {
      parts.push(part);
    } else {
      lose(LOST[part.type]);
    }
  }
  return { parts, losses: [...losses.values()] };
}

/**
 * Whether the model refused in its own words, as OpenAI's models do. Codecs tell that as a content
 * filter whose raw reason is the ordinary end; a filter that cut in has a reason of its own.
 */
export function refusedInWords({ unified, raw }: LanguageModelV4GenerateResult['finishReason']) {
  return unified === 'content-filter' && (raw === undefined || raw === 'stop');
}

const KNOWN_ENDINGS: ReadonlySet<string> = new Set([
  'stop',
  'length',
  'content-filter',
  'tool-calls',
]);

/** Words for a reason to end that the dialect has none for. */
export function unknownEnding(
  { unified, raw }: LanguageModelV4GenerateResult['finishReason'],
  field: string,
): Loss[] {
  if (KNOWN_ENDINGS.has(unified)) return [];
  const name = raw !== undefined && /^\w{1,60}$/.test(raw) ? ` (${raw})` : '';
  return [{ field, message: `has no word for the model's reason to end${name}` }];
}

/** Gemini signs the thoughts that led to a call, and wants the signature back with its result. */
export function thoughtSignatureOf(part: AnswerPart): string | undefined {
  return Object.values(part.providerMetadata ?? {})
    .map(({ thoughtSignature }) => thoughtSignature)
    .find((signature) => typeof signature === 'string');
}

export interface CountedUsage {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  reasoning: number;
}

/** Undefined where the provider told no usage at all. */
export function countUsage(usage: Usage): CountedUsage | undefined {
  if (usage.input_tokens === undefined && usage.output_tokens === undefined) return undefined;
  return {
    input: usage.input_tokens ?? 0,
    output: usage.output_tokens ?? 0,
    cacheRead: usage.cache_read_tokens ?? 0,
    cacheWrite: usage.cache_write_tokens ?? 0,
    reasoning: usage.reasoning_tokens ?? 0,
  };
}

const SEALED =
  'a signature or an encrypted part is bound to the vendor that made it, and has no place here';

const LOST: Readonly<Record<LanguageModelV4Content['type'], string>> = {
  text: 'a text has no place here',
  reasoning: 'reasoning has no place here',
  'tool-call': 'a tool that its vendor ran has no place here',
  'tool-result': 'a tool that its vendor ran has no place here',
  'tool-approval-request': 'a request to approve a tool has no place here',
  source: 'a source has no place here',
  file: 'a file that the model made has no place here',
  'reasoning-file': 'a file that the model made has no place here',
  custom: 'a part that only its vendor knows has no place here',
};

// Members under which the AI SDK's codecs hand over what proves or hides a model's thoughts.
const SEALS = [
  'signature',
  'redactedData',
  'redactedContent',
  'thoughtSignature',
  'reasoningEncryptedContent',
];

function isSealed(part: PartOf<'text'> | PartOf<'reasoning'>): boolean {
  return Object.values(part.providerMetadata ?? {}).some((metadata) =>
    SEALS.some((seal) => typeof metadata[seal] === 'string'),
  );
}
