import { createOpenAI } from '@ai-sdk/openai';
import type { LanguageModelV4CallOptions, SharedV4ProviderOptions } from '@ai-sdk/provider';
import { defined } from '../callers/json-reading.ts';
import type { Loss } from '../loss.ts';
import type { NeutralRequest, RequestExtras } from '../neutral-request.ts';
import type { JsonObject } from '../translator.ts';
import { callIdUpTo } from './call-ids.ts';
import { carriedReasoning } from './carried-reasoning.ts';
import { type ExtraName, extraLosses } from './extra-losses.ts';
import { markLosses } from './mark-losses.ts';
import { isOpenAiValue, oneOf, SERVICE_TIERS, VERBOSITIES } from './openai-values.ts';
import { type PreparedRequest, sdkCodec } from './sdk-codec.ts';
import { type StrictPlace, withQualifiedSchemas } from './strict-schema.ts';

/** OpenAI's responses, never stored at the vendor: the broker keeps the job. */
export const responsesCodec = sdkCodec({
  model: (name, transport) =>
    createOpenAI({
      apiKey: 'unused',
      baseURL: 'http://unused.invalid',
      fetch: transport,
    }).responses(name),
  minimalAnswer: {
    id: 'resp_0',
    object: 'response',
    created_at: 0,
    model: 'none',
    status: 'completed',
    output: [],
    usage: { input_tokens: 0, output_tokens: 0 },
  },
  callId: () => callIdUpTo(64),
  prepare,
  finish(body, request) {
    const qualified = withQualifiedSchemas(withoutEncryptedReasoning(body), STRICT_PLACES);
    return {
      body: qualified.body,
      losses: [...qualified.losses, ...silentReasoningLoss(body, request)],
    };
  },
});

const STRICT_PLACES: readonly StrictPlace[] = [
  { path: ['text', 'format'], schemaMember: 'schema', option: 'strictJsonSchema' },
  { path: ['tools', '[]'], schemaMember: 'parameters', option: 'tools' },
];

const EXTRAS: readonly ExtraName[] = [
  'parallelToolCalls',
  'user',
  'safetyIdentifier',
  'verbosity',
  'serviceTier',
  'metadata',
  'promptCacheKey',
  'topLogprobs',
  'reasoningSummary',
  'strictJsonSchema',
];

/** OpenAI refuses a smaller `max_output_tokens`; Messages are capped at less to try out a model. */
const LEAST_OUTPUT = 16;

function prepare(request: NeutralRequest): PreparedRequest {
  const { prompt, losses } = carriedReasoning(request.options.prompt, [
    'openai.reasoningEncryptedContent',
  ]);
  const capped = withLeastOutput({ ...request.options, prompt });
  const { options } = capped;
  const carried = EXTRAS.filter((name) => isOpenAiValue(name, request.extras));
  return {
    options: { ...options, providerOptions: providerOptions(request.extras) },
    losses: [
      ...losses,
      ...capped.losses,
      ...markLosses(options, ['openai.imageDetail', 'openai.reasoningEncryptedContent']),
      ...extraLosses(request.extras, carried),
    ],
  };
}

// What is no cap at all stays, for OpenAI to refuse.
function withLeastOutput(options: LanguageModelV4CallOptions): PreparedRequest {
  const { maxOutputTokens: cap } = options;
  if (cap === undefined || cap < 1 || cap >= LEAST_OUTPUT) return { options, losses: [] };
  const message = `is raised to ${LEAST_OUTPUT}: the dialect takes no less`;
  return {
    options: { ...options, maxOutputTokens: LEAST_OUTPUT },
    losses: [{ field: 'maxOutputTokens', message }],
  };
}

function providerOptions(extras: RequestExtras): SharedV4ProviderOptions {
  return {
    openai: defined({
      store: false,
      parallelToolCalls: extras.parallelToolCalls?.value,
      user: extras.user?.value,
      safetyIdentifier: extras.safetyIdentifier?.value,
      textVerbosity: oneOf(VERBOSITIES, extras.verbosity),
      serviceTier: oneOf(SERVICE_TIERS, extras.serviceTier),
      metadata: extras.metadata?.value,
      promptCacheKey: extras.promptCacheKey?.value,
      // The SDK takes 1 to 20 alternatives; the chosen token's own probability comes with any.
      logprobs: extras.topLogprobs && Math.max(1, extras.topLogprobs.value),
      strictJsonSchema: extras.strictJsonSchema?.value ?? false,
      // Without null the SDK asks for detailed summaries, which OpenAI gives to verified accounts only.
      reasoningSummary: extras.reasoningSummary?.value ?? null,
    }),
  };
}

// What the SDK adds for its own next turn: bound to the account that was called, so of no use here.
function withoutEncryptedReasoning({ include, ...body }: JsonObject): JsonObject {
  if (!Array.isArray(include)) return body;
  const rest = include.filter((name) => name !== 'reasoning.encrypted_content');
  return rest.length === 0 ? body : { ...body, include: rest };
}

// The SDK asks models that do not reason for no effort, without a word.
function silentReasoningLoss(body: JsonObject, { options }: NeutralRequest): Loss[] {
  const isAsked = !['none', 'provider-default', undefined].includes(options.reasoning);
  if (!isAsked || body['reasoning'] !== undefined) return [];
  return [{ field: 'reasoning', message: 'is not carried: the model does not reason' }];
}
