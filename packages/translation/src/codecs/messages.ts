import { createAnthropic } from '@ai-sdk/anthropic';
import type { LanguageModelV4CallOptions, SharedV4ProviderOptions } from '@ai-sdk/provider';
import { defined, isObject } from '../callers/json-reading.ts';
import type { NeutralRequest, RequestExtras } from '../neutral-request.ts';
import type { JsonObject } from '../translator.ts';
import { systemFirst } from './arrange-turns.ts';
import { wordCallId } from './call-ids.ts';
import { carriedReasoning } from './carried-reasoning.ts';
import { sdkNameOf } from './claude-names.ts';
import { emulationLosses, formatLabelLosses, refuseSecondJsonTool } from './emulated-schema.ts';
import { type ExtraName, extraLosses } from './extra-losses.ts';
import {
  budgetUnderCap,
  NO_ROOM_FOR_THINKING,
  SMALLEST_CLAUDE_BUDGET,
  withoutCrampedThinking,
} from './thinking-budget.ts';
import { markLosses } from './mark-losses.ts';
import { oneOf } from './openai-values.ts';
import { removedKeywordLosses } from './removed-keywords.ts';
import { type FinishedBody, type PreparedRequest, sdkCodec } from './sdk-codec.ts';

const codec = sdkCodec({
  model: (name, transport) =>
    createAnthropic({ apiKey: 'unused', baseURL: 'http://unused.invalid', fetch: transport })(
      sdkNameOf(name),
    ),
  minimalAnswer: {
    id: 'msg_0',
    type: 'message',
    role: 'assistant',
    model: 'none',
    content: [],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 0, output_tokens: 0 },
  },
  callId: () => wordCallId,
  prepare,
  finish,
});

/** Anthropic's messages. The SDK knows what each Claude refuses, and fills in `max_tokens`. */
export const messagesCodec = withoutCrampedThinking(codec);

const SERVICE_TIERS = ['auto', 'standard_only'] as const;
const SIGNATURES = ['anthropic.signature', 'anthropic.redactedData'];
const MARKS = [
  ...SIGNATURES,
  'anthropic.cacheControl',
  'anthropic.citations',
  'anthropic.title',
  'anthropic.context',
];

function prepare({ options: original, extras }: NeutralRequest): PreparedRequest {
  const reasoning = carriedReasoning(original.prompt, SIGNATURES);
  const arranged = systemFirst(reasoning.prompt);
  const options = { ...original, prompt: arranged.prompt };
  return {
    options: { ...options, providerOptions: providerOptions(options, extras) },
    losses: [
      ...reasoning.losses,
      ...arranged.losses,
      ...markLosses(options, MARKS),
      ...formatLabelLosses(options),
      ...extraLosses(extras, carriedExtras(original.reasoning !== undefined, extras)),
    ],
  };
}

function carriedExtras(isReasoning: boolean, extras: RequestExtras): ExtraName[] {
  const isThinking = isReasoning || extras.reasoningBudgetTokens !== undefined;
  return [
    'parallelToolCalls',
    'user',
    'reasoningBudgetTokens',
    // Told by `finish`, which sees how the schema is sent.
    'strictJsonSchema',
    ...(isThinking ? (['reasoningSummary'] as const) : []),
    ...(extras.user === undefined ? (['safetyIdentifier'] as const) : []),
    ...(oneOf(SERVICE_TIERS, extras.serviceTier) === undefined ? [] : (['serviceTier'] as const)),
  ];
}

function providerOptions(
  options: LanguageModelV4CallOptions,
  extras: RequestExtras,
): SharedV4ProviderOptions {
  const userId = (extras.user ?? extras.safetyIdentifier)?.value;
  const budgetTokens = extras.reasoningBudgetTokens?.value;
  return {
    anthropic: defined({
      ...options.providerOptions?.['anthropic'],
      disableParallelToolUse: extras.parallelToolCalls?.value === false ? true : undefined,
      metadata: userId === undefined ? undefined : { userId },
      thinking: budgetTokens === undefined ? undefined : { type: 'enabled', budgetTokens },
      serviceTier: oneOf(SERVICE_TIERS, extras.serviceTier),
    }),
  };
}

function finish(body: JsonObject, request: NeutralRequest): FinishedBody {
  const tools = Array.isArray(body['tools']) ? body['tools'].filter(isObject) : [];
  refuseSecondJsonTool(tools.map((tool) => tool['name']));
  const outputConfig = isObject(body['output_config']) ? body['output_config'] : {};
  const format = isObject(outputConfig['format']) ? outputConfig['format'] : undefined;
  const capped = withinCap(body, request);
  return {
    body: capped.body,
    losses: [
      ...capped.losses,
      ...emulationLosses(request, format !== undefined),
      ...removedKeywordLosses(request.options, format?.['schema']),
    ],
  };
}

function withinCap(body: JsonObject, { options }: NeutralRequest): FinishedBody {
  const { thinking, ...rest } = body;
  const cap = options.maxOutputTokens;
  if (cap === undefined || !isObject(thinking) || typeof thinking['budget_tokens'] !== 'number') {
    return { body, losses: [] };
  }
  const maxTokens = Math.min(cap, Number(body['max_tokens']));
  const budget = budgetUnderCap(thinking['budget_tokens'], maxTokens, SMALLEST_CLAUDE_BUDGET);
  const thought = budget === undefined ? {} : { thinking: { ...thinking, budget_tokens: budget } };
  return {
    body: { ...rest, max_tokens: maxTokens, ...thought },
    losses: budget === undefined ? [NO_ROOM_FOR_THINKING] : [],
  };
}
