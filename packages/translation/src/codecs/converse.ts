import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import { defined, isObject } from '../callers/json-reading.ts';
import type { Loss } from '../loss.ts';
import type { NeutralRequest, RequestExtras } from '../neutral-request.ts';
import type { JsonObject } from '../translator.ts';
import { systemFirst } from './arrange-turns.ts';
import { withAnthropicMarks, withBedrockMarks } from './bedrock-marks.ts';
import { wordCallId } from './call-ids.ts';
import { carriedReasoning } from './carried-reasoning.ts';
import { thinksByBudget } from './claude-limits.ts';
import { sdkNameOnBedrock } from './claude-names.ts';
import { withFreeChoiceToThink, withThinkingOff } from './converse-thinking.ts';
import {
  asksForSchema,
  emulationLosses,
  formatLabelLosses,
  refuseSecondJsonTool,
} from './emulated-schema.ts';
import { type ExtraName, extraLosses } from './extra-losses.ts';
import { withFailedResults } from './failed-results.ts';
import { cutByFullWindow } from './full-window.ts';
import {
  budgetUnderCap,
  NO_ROOM_FOR_THINKING,
  SMALLEST_CLAUDE_BUDGET,
  withoutCrampedThinking,
} from './thinking-budget.ts';
import { markLosses } from './mark-losses.ts';
import { MISTRAL_FAMILIES } from './mistral-names.ts';
import { oneOf } from './openai-values.ts';
import { removedKeywordLosses } from './removed-keywords.ts';
import { type FinishedBody, type PreparedRequest, sdkCodec } from './sdk-codec.ts';

const codec = sdkCodec({
  model: (name, transport) =>
    createAmazonBedrock({
      apiKey: 'unused',
      region: 'unused',
      baseURL: 'http://unused.invalid',
      fetch: transport,
    })(bedrockName(name)),
  minimalAnswer: {
    output: { message: { role: 'assistant', content: [] } },
    stopReason: 'end_turn',
    usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
  },
  callId: () => wordCallId,
  prepare,
  finish,
});

/** Amazon Bedrock's `Converse`. */
export const converseCodec = withoutCrampedThinking({
  ...codec,
  async encode(request, model) {
    const encoded = await codec.encode(request, model);
    return { ...encoded, losses: encoded.losses.map((loss) => inOurName(loss, model)) };
  },
  async decode(request, model, answer) {
    const decoded = await codec.decode(request, model, answer);
    const result = cutByFullWindow(withoutPreamble(decoded));
    if (!isClaude(model)) return result;
    return { ...result, content: withAnthropicMarks(result.content) };
  },
});

/**
 * A model that is free to call the tool for the schema may say something before: only what it calls
 * the tool with is the JSON that was asked for, and that comes last.
 */
function withoutPreamble(result: LanguageModelV4GenerateResult): LanguageModelV4GenerateResult {
  if (result.providerMetadata?.['amazonBedrock']?.['isJsonResponseFromTool'] !== true) {
    return result;
  }
  const json = result.content.findLast(({ type }) => type === 'text');
  return {
    ...result,
    content: result.content.filter((part) => part.type !== 'text' || part === json),
  };
}

/** The maker that Bedrock writes before a name, by which the SDK knows what a model takes. */
const MAKERS: readonly (readonly [beginning: string, maker: string])[] = [
  ['claude-', 'anthropic'],
  ['gpt-', 'openai'],
  ['nova-', 'amazon'],
  ...MISTRAL_FAMILIES.map((family) => [family, 'mistral'] as const),
];

function bedrockName(model: string): string {
  const maker = MAKERS.find(([beginning]) => model.startsWith(beginning))?.[1];
  return maker === undefined ? model : `${maker}.${sdkNameOnBedrock(model)}`;
}

/** What the SDK tells of the model that it knows, told of the one that is called. */
function inOurName(loss: Loss, model: string): Loss {
  const sdkName = bedrockName(model);
  if (sdkName === model || !loss.message.includes(sdkName)) return loss;
  return { ...loss, message: loss.message.replaceAll(sdkName, model) };
}

const SERVICE_TIERS = ['reserved', 'priority', 'default', 'flex'] as const;
const SIGNATURES = ['anthropic.signature', 'anthropic.redactedData'];
const MARKS = [
  'amazonBedrock.cachePoint',
  'amazonBedrock.signature',
  'amazonBedrock.redactedContent',
];

function prepare({ options: original, extras }: NeutralRequest, model: string): PreparedRequest {
  const reasoning = carriedReasoning(original.prompt, isClaude(model) ? SIGNATURES : []);
  const arranged = systemFirst(reasoning.prompt);
  const prompt = isClaude(model) ? withBedrockMarks(arranged.prompt) : arranged.prompt;
  const options = { ...original, prompt };
  return {
    options: { ...options, providerOptions: providerOptions(extras, model) },
    losses: [
      ...reasoning.losses,
      ...arranged.losses,
      ...markLosses(options, MARKS),
      ...formatLosses(options),
      ...extraLosses(extras, carriedExtras(extras, model)),
    ],
  };
}

function carriedExtras(extras: RequestExtras, model: string): ExtraName[] {
  return [
    // Told by `finish`, which sees how the schema is sent.
    'strictJsonSchema',
    ...(takesBudget(model) ? (['reasoningBudgetTokens'] as const) : []),
    ...(oneOf(SERVICE_TIERS, extras.serviceTier) === undefined ? [] : (['serviceTier'] as const)),
  ];
}

function providerOptions(extras: RequestExtras, model: string): SharedV4ProviderOptions {
  const budgetTokens = takesBudget(model) ? extras.reasoningBudgetTokens?.value : undefined;
  return {
    amazonBedrock: defined({
      serviceTier: oneOf(SERVICE_TIERS, extras.serviceTier),
      reasoningConfig: budgetTokens === undefined ? undefined : { type: 'enabled', budgetTokens },
    }),
  };
}

// The SDK overlooks a wish for JSON of any form without a word.
function formatLosses(options: LanguageModelV4CallOptions): Loss[] {
  if (options.responseFormat?.type !== 'json' || asksForSchema(options)) {
    return formatLabelLosses(options);
  }
  return [{ field: 'responseFormat', message: 'JSON without a schema cannot be asked for' }];
}

function finish(body: JsonObject, request: NeutralRequest, model: string): FinishedBody {
  refuseSecondJsonTool(toolNames(body));
  const results = withFailedResults(body, request.options.prompt, takesResultStatus(model));
  const topK = withTopK(results.body, model);
  const thought = withReasoning(topK.body, request, model);
  const capped = withinCap(thought.body, request);
  const outputConfig = memberOf(memberOf(body, 'additionalModelRequestFields'), 'output_config');
  const { schema } = memberOf(outputConfig, 'format');
  return {
    body: capped.body,
    losses: [
      ...results.losses,
      ...topK.losses,
      ...thought.losses,
      ...capped.losses,
      ...emulationLosses(request, schema !== undefined),
      ...removedKeywordLosses(request.options, schema),
    ],
  };
}

function toolNames(body: JsonObject): unknown[] {
  const tools = memberOf(body, 'toolConfig')['tools'];
  if (!Array.isArray(tools)) return [];
  return tools.filter(isObject).map((tool) => memberOf(tool, 'toolSpec')['name']);
}

// Converse's `inferenceConfig` has no `topK`, where the SDK writes it; Claude reads it as its own.
function withTopK(body: JsonObject, model: string): FinishedBody {
  const { topK, ...inferenceConfig } = memberOf(body, 'inferenceConfig');
  if (topK === undefined) return { body, losses: [] };
  const rest = { ...body, inferenceConfig };
  if (!isClaude(model)) {
    const message = 'is not carried: this model has no member for it here';
    return { body: rest, losses: [{ field: 'topK', message }] };
  }
  const fields = { ...memberOf(body, 'additionalModelRequestFields'), top_k: topK };
  return { body: { ...rest, additionalModelRequestFields: fields }, losses: [] };
}

function withReasoning(body: JsonObject, request: NeutralRequest, model: string): FinishedBody {
  if (!isClaude(model)) return { body, losses: keptFromReasoning(request, model) };
  const off = withThinkingOff(body, request, model);
  const free = withFreeChoiceToThink(off.body, request);
  return { body: free.body, losses: [...off.losses, ...free.losses] };
}

// The SDK says nothing to OpenAI's models then, and they reason; others do so where they are asked.
function keptFromReasoning({ options }: NeutralRequest, model: string): Loss[] {
  if (options.reasoning !== 'none' || !bedrockName(model).includes('openai.')) return [];
  return [{ field: 'reasoning', message: 'is not carried: this model always reasons here' }];
}

function withinCap(body: JsonObject, { options }: NeutralRequest): FinishedBody {
  const { thinking, ...fields } = memberOf(body, 'additionalModelRequestFields');
  const cap = options.maxOutputTokens;
  if (cap === undefined || !isObject(thinking) || typeof thinking['budget_tokens'] !== 'number') {
    return { body, losses: [] };
  }
  const budget = budgetUnderCap(thinking['budget_tokens'], cap, SMALLEST_CLAUDE_BUDGET);
  const inferenceConfig = { ...memberOf(body, 'inferenceConfig'), maxTokens: cap };
  const thought = budget === undefined ? {} : { thinking: { ...thinking, budget_tokens: budget } };
  return {
    body: { ...body, inferenceConfig, additionalModelRequestFields: { ...fields, ...thought } },
    losses: budget === undefined ? [NO_ROOM_FOR_THINKING] : [],
  };
}

function memberOf(value: JsonObject, name: string): JsonObject {
  const member = value[name];
  return isObject(member) ? member : {};
}

function takesResultStatus(model: string): boolean {
  return isClaude(model) || bedrockName(model).includes('amazon.nova');
}

function takesBudget(model: string): boolean {
  return isClaude(model) && thinksByBudget(model);
}

function isClaude(model: string): boolean {
  return bedrockName(model).includes('anthropic.');
}
