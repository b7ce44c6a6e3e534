import { createOpenAI } from '@ai-sdk/openai';
import type { SharedV4ProviderOptions } from '@ai-sdk/provider';
import { defined } from '../callers/json-reading.ts';
import type { Loss } from '../loss.ts';
import type { NeutralRequest, RequestExtras } from '../neutral-request.ts';
import type { JsonObject } from '../translator.ts';
import { resultsAsText } from './arrange-turns.ts';
import { callIdUpTo, mistralCallId } from './call-ids.ts';
import { carriedReasoning } from './carried-reasoning.ts';
import { decodeChatCompletion } from './decode-chat-completion.ts';
import { type ExtraName, extraLosses } from './extra-losses.ts';
import { withFewStops } from './few-stops.ts';
import { withGeminiSignatures } from './gemini-signatures.ts';
import { markLosses } from './mark-losses.ts';
import { isMistral } from './mistral-names.ts';
import { isOpenAiValue } from './openai-values.ts';
import { type FinishedBody, type PreparedRequest, sdkCodec } from './sdk-codec.ts';
import { type StrictPlace, withQualifiedSchemas } from './strict-schema.ts';

/**
 * Encoded by the SDK's OpenAI package: it knows which of OpenAI's models refuse `max_tokens` and
 * sampling, and writes plain, widely understood chat completions for every other model. Decoded by
 * its OpenAI-compatible package, which also reads `reasoning_content` and Gemini's signatures.
 */
export const chatCompletionsCodec = sdkCodec({
  model: (name, transport) =>
    createOpenAI({ apiKey: 'unused', baseURL: 'http://unused.invalid', fetch: transport }).chat(
      name,
    ),
  minimalAnswer: {
    id: 'chatcmpl-0',
    object: 'chat.completion',
    created: 0,
    model: 'none',
    choices: [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'stop' }],
  },
  callId: (model) => (isMistral(model) ? mistralCallId : callIdUpTo(40)),
  prepare,
  finish,
  decode: decodeChatCompletion,
});

/** What models take of the dialect, by whose they are. */
interface TakenMembers {
  extras: readonly ExtraName[];
  /** Stop sequences; absent where the model's vendor states no such limit, or a higher one. */
  mostStops?: number;
}

/** What every server of this dialect is known to take, or to overlook. */
const COMMON: TakenMembers = {
  extras: ['parallelToolCalls', 'user', 'topLogprobs', 'logitBias', 'strictJsonSchema'],
};

const OPENAI: TakenMembers = {
  extras: [
    ...COMMON.extras,
    // OpenAI's own, which stricter servers (Mistral, Groq) refuse as unknown.
    'safetyIdentifier',
    'verbosity',
    'serviceTier',
    'metadata',
    'store',
    'promptCacheKey',
  ],
  // By OpenAI's reference of `stop`.
  mostStops: 4,
};

function prepare(request: NeutralRequest, model: string): PreparedRequest {
  const reasoning = carriedReasoning(request.options.prompt, []);
  const results = resultsAsText(reasoning.prompt);
  const taken = isOpenAi(model) ? OPENAI : COMMON;
  const stops = withFewStops({ ...request.options, prompt: results.prompt }, taken.mostStops);
  const carried = taken.extras.filter((name) => isOpenAiValue(name, request.extras));
  const marks = ['openai.imageDetail', 'openai.name', ...(isGemini(model) ? [SIGNATURE] : [])];
  return {
    options: {
      ...stops.options,
      providerOptions: providerOptions(request.extras, carried),
    },
    losses: [
      ...reasoning.losses,
      ...results.losses,
      ...stops.losses,
      ...markLosses(stops.options, marks),
      ...extraLosses(request.extras, carried),
    ],
  };
}

function providerOptions(
  extras: RequestExtras,
  carried: readonly ExtraName[],
): SharedV4ProviderOptions {
  const taken: RequestExtras = Object.fromEntries(
    Object.entries(extras).filter(([name]) => carried.some((known) => known === name)),
  );
  return {
    openai: defined({
      parallelToolCalls: taken.parallelToolCalls?.value,
      user: taken.user?.value,
      logprobs: taken.topLogprobs?.value,
      logitBias: taken.logitBias?.value,
      strictJsonSchema: taken.strictJsonSchema?.value ?? false,
      safetyIdentifier: taken.safetyIdentifier?.value,
      textVerbosity: taken.verbosity?.value,
      serviceTier: taken.serviceTier?.value,
      metadata: taken.metadata?.value,
      store: taken.store?.value,
      promptCacheKey: taken.promptCacheKey?.value,
    }),
  };
}

const STRICT_PLACES: readonly StrictPlace[] = [
  { path: ['response_format', 'json_schema'], schemaMember: 'schema', option: 'strictJsonSchema' },
  { path: ['tools', '[]', 'function'], schemaMember: 'parameters', option: 'tools' },
];

function finish(body: JsonObject, request: NeutralRequest, model: string): FinishedBody {
  const qualified = withQualifiedSchemas(body, STRICT_PLACES);
  const finished = withFittingReasoning(qualified.body, request, model);
  return {
    body: finished.body,
    losses: [
      ...qualified.losses,
      ...finished.losses,
      ...silentReasoningLoss(finished.body, request),
    ],
  };
}

// The SDK keeps models that cannot call tools and reason in this dialect from reasoning, and tells
// it only to who asked for an effort.
function silentReasoningLoss(
  body: JsonObject,
  { options, reasonsUnasked }: NeutralRequest,
): Loss[] {
  const isOpen = options.reasoning === undefined || options.reasoning === 'provider-default';
  if (!isOpen || reasonsUnasked !== true || body['reasoning_effort'] !== 'none') return [];
  const message = 'is not carried: beside tools the model does not reason in this dialect';
  return [{ field: 'reasoning', message }];
}

function withFittingReasoning(
  body: JsonObject,
  request: NeutralRequest,
  model: string,
): FinishedBody {
  const thoughtful = isGemini(model) ? withGeminiSignatures(body, request.options.prompt) : body;
  const { reasoning_effort: effort, ...rest } = thoughtful;
  if (effort === undefined || !isUnthinking(model)) return { body: thoughtful, losses: [] };
  // The SDK asks these for an effort all the same, which OpenAI refuses as unknown to them.
  const message = 'is not carried: the model does not reason';
  return { body: rest, losses: effort === 'none' ? [] : [{ field: 'reasoning', message }] };
}

/** OpenAI's models from before it made them reason, and its chat variants. */
function isUnthinking(model: string): boolean {
  return /^(?:ft:)?(?:gpt-(?:3\.5|4|5-chat)|chatgpt-)/.test(model);
}

// OpenAI's families by the beginnings of their names, which fine-tuned ones have after `ft:`;
// `gpt-oss` runs on other people's servers.
function isOpenAi(model: string): boolean {
  return /^(?:ft:)?(?:gpt-(?!oss)|chatgpt-|codex-|o\d)/.test(model);
}

function isGemini(model: string): boolean {
  return model.startsWith('gemini-');
}

const SIGNATURE = 'google.thoughtSignature';
