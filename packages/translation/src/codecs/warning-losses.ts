import type { SharedV4Warning } from '@ai-sdk/provider';
import { type Loss, UntranslatableError } from '../loss.ts';
import type { NeutralRequest } from '../neutral-request.ts';

/** Options that the SDK names in a warning as the neutral request does. */
const OPTIONS: readonly string[] = [
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'presencePenalty',
  'frequencyPenalty',
  'stopSequences',
  'seed',
  'responseFormat',
  'tools',
  'toolChoice',
  'reasoning',
  'reasoningSummary',
  'serviceTier',
];

/** The SDK's other words for a feature → the option it is about. */
const OPTION_BY_FEATURE: Readonly<Record<string, string>> = {
  logprobs: 'topLogprobs',
  budgetTokens: 'reasoningBudgetTokens',
  'providerOptions.anthropic.effort': 'reasoning',
  'adaptive thinking': 'reasoning',
  strict: 'tools',
};

/**
 * Warnings after which the request still asks for all that the caller asked for: the one is about
 * how a schema is enforced, the others fill in what the caller left open.
 */
const HARMLESS_FEATURES: readonly string[] = [
  'providerOptions.anthropic.structuredOutputMode',
  'extended thinking',
];

/** How a warning without a feature begins → the option it is about. */
const OPTION_BY_MESSAGE: readonly (readonly [beginning: string, option: string])[] = [
  ['logprobs is not supported', 'topLogprobs'],
  ['topLogprobs is not supported', 'topLogprobs'],
  ['logitBias is not supported', 'logitBias'],
];

/** Gemini 3 takes a documented stand-in for the signatures of calls that another model made. */
const HARMLESS_MESSAGE = 'Replayed ';

/** How warnings begin after which a part of the conversation would not be there. */
const VANISHING_MESSAGES: readonly string[] = [
  'system messages are removed',
  'unsupported tool content part',
  'unsupported custom tool content part',
];

/** The parts of a schema that OpenAI has no keyword for: what the SDK calls them → how to find them. */
const REMOVED_KEYWORDS: Readonly<Record<string, string>> = {
  'JSON Schema propertyNames': '"propertyNames"',
  'JSON Schema pattern with regex lookaround': '"pattern"',
};

/** Bedrock refuses calls and results in a conversation when no tools are on offer. */
export const TOOLS_NEEDED = 'tool calls and their results need tools to be offered';

/**
 * What the SDK says it left out or changed, in options of the neutral request. Texts that may quote
 * the conversation are never passed on.
 * @throws UntranslatableError where content would vanish
 */
export function lossesOfWarnings(
  warnings: readonly SharedV4Warning[],
  request: NeutralRequest,
): Loss[] {
  return warnings.flatMap((warning) => {
    switch (warning.type) {
      case 'unsupported':
      case 'compatibility':
        return lossOfFeature(warning.feature, warning.details, request);
      case 'other':
        return lossOfMessage(warning.message);
      case 'deprecated':
        // About how the SDK is called, not about what is sent.
        return [];
      default:
        return warning satisfies never;
    }
  });
}

function lossOfFeature(
  feature: string,
  details: string | undefined,
  request: NeutralRequest,
): Loss[] {
  if (HARMLESS_FEATURES.includes(feature)) return [];
  if (feature === 'toolContent') {
    throw new UntranslatableError('prompt', TOOLS_NEEDED);
  }
  const message = messageOf(details);
  const keyword = REMOVED_KEYWORDS[feature];
  if (keyword !== undefined)
    return schemasWith(keyword, request).map((field) => ({ field, message }));
  return [{ field: optionOf(feature, request), message }];
}

function optionOf(feature: string, { extras }: NeutralRequest): string {
  if (OPTIONS.includes(feature)) return feature;
  if (feature === 'providerOptions.anthropic.thinking') {
    return extras.reasoningBudgetTokens === undefined ? 'reasoning' : 'reasoningBudgetTokens';
  }
  const option = OPTION_BY_FEATURE[feature];
  if (option !== undefined) return option;
  return feature.includes('tool') ? 'tools' : 'prompt';
}

function schemasWith(keyword: string, { options }: NeutralRequest): string[] {
  const places = { tools: options.tools, responseFormat: options.responseFormat };
  return Object.entries(places)
    .filter(([, place]) => JSON.stringify(place)?.includes(keyword))
    .map(([option]) => option);
}

// The SDK's details name options, their values, tools and models; its advice to its own callers goes.
function messageOf(details: string | undefined): string {
  const sentences = (details ?? '').split(/(?<=\.) /);
  const told = sentences.filter((sentence) => !sentence.includes('providerOptions')).join(' ');
  return told === '' ? 'is not carried: the model or its dialect does not take it' : told;
}

function lossOfMessage(text: string): Loss[] {
  if (text.startsWith(HARMLESS_MESSAGE)) return [];
  if (VANISHING_MESSAGES.some((beginning) => text.startsWith(beginning))) {
    throw new UntranslatableError('prompt', 'a part of the conversation would vanish');
  }
  const option = OPTION_BY_MESSAGE.find(([beginning]) => text.startsWith(beginning))?.[1];
  if (option !== undefined) {
    return [{ field: option, message: 'is not carried: the model does not take it' }];
  }
  return [{ field: 'prompt', message: 'a part is not carried: the dialect has no place for it' }];
}
