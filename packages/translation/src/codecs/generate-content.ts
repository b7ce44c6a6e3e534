import { createGoogle } from '@ai-sdk/google';
import type { SharedV4ProviderOptions } from '@ai-sdk/provider';
import { defined, isObject } from '../callers/json-reading.ts';
import type { NeutralRequest, RequestExtras } from '../neutral-request.ts';
import type { JsonObject } from '../translator.ts';
import { resultsAsText, resultsTogether, systemFirst } from './arrange-turns.ts';
import { carriedReasoning } from './carried-reasoning.ts';
import { emulationLosses, formatLabelLosses } from './emulated-schema.ts';
import { type ExtraName, extraLosses } from './extra-losses.ts';
import { withFewStops } from './few-stops.ts';
import { markLosses } from './mark-losses.ts';
import {
  budgetUnderCap,
  largestGeminiBudget,
  NO_ROOM_FOR_THINKING,
  SMALLEST_GEMINI_BUDGET,
} from './thinking-budget.ts';
import { type FinishedBody, type PreparedRequest, sdkCodec } from './sdk-codec.ts';

/** Google's `generateContent`, in the form that the Gemini API and Vertex AI both take. */
export const generateContentCodec = sdkCodec({
  model: (name, transport) =>
    createGoogle({
      apiKey: 'unused',
      baseURL: 'http://unused.invalid',
      fetch: answeringOnce(transport),
    })(name),
  minimalAnswer: {
    candidates: [{ content: { role: 'model', parts: [] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 0, totalTokenCount: 0 },
  },
  prepare,
  finish,
});

const SIGNATURE = 'google.thoughtSignature';

/** By Google's reference of `stopSequences`. */
const MOST_STOPS = 5;

function prepare({ options: original, extras }: NeutralRequest, model: string): PreparedRequest {
  const reasoning = carriedReasoning(original.prompt, [SIGNATURE]);
  const arranged = systemFirst(reasoning.prompt);
  const results = resultsAsText(resultsTogether(arranged.prompt));
  const stops = withFewStops({ ...original, prompt: results.prompt }, MOST_STOPS);
  const { options } = stops;
  return {
    options: { ...options, providerOptions: providerOptions(extras, model) },
    losses: [
      ...reasoning.losses,
      ...arranged.losses,
      ...results.losses,
      ...stops.losses,
      ...markLosses(options, [SIGNATURE]),
      ...formatLabelLosses(options),
      ...extraLosses(extras, carriedExtras(model)),
    ],
  };
}

function carriedExtras(model: string): ExtraName[] {
  return [
    'reasoningSummary',
    // Told by `finish`, which sees how the schema is sent.
    'strictJsonSchema',
    ...(largestGeminiBudget(model) === undefined ? [] : (['reasoningBudgetTokens'] as const)),
  ];
}

// A budget takes the place of the effort, by which the other models are asked.
function providerOptions(extras: RequestExtras, model: string): SharedV4ProviderOptions {
  const asked = extras.reasoningBudgetTokens?.value;
  const largest = largestGeminiBudget(model);
  const thinkingConfig = defined({
    thinkingBudget:
      asked === undefined || largest === undefined ? undefined : Math.min(asked, largest),
    includeThoughts: extras.reasoningSummary === undefined ? undefined : true,
  });
  return Object.keys(thinkingConfig).length === 0 ? {} : { google: { thinkingConfig } };
}

function finish(body: JsonObject, request: NeutralRequest): FinishedBody {
  const generation = isObject(body['generationConfig']) ? body['generationConfig'] : {};
  const capped = withinCap(generation, request.options.maxOutputTokens);
  return {
    body: { ...body, generationConfig: capped.body, contents: withoutCallIds(body['contents']) },
    losses: [
      ...capped.losses,
      ...emulationLosses(request, generation['responseJsonSchema'] !== undefined),
    ],
  };
}

function withinCap(generation: JsonObject, cap: number | undefined): FinishedBody {
  const thinking = generation['thinkingConfig'];
  const budget = isObject(thinking) ? thinking['thinkingBudget'] : undefined;
  // 0 is no thinking, and -1 as much as the model wants.
  if (cap === undefined || typeof budget !== 'number' || budget <= 0) {
    return { body: generation, losses: [] };
  }
  const thinkingBudget = budgetUnderCap(budget, cap, SMALLEST_GEMINI_BUDGET);
  if (thinkingBudget === undefined) {
    const { thinkingConfig: _, ...rest } = generation;
    return { body: rest, losses: [NO_ROOM_FOR_THINKING] };
  }
  const thinkingConfig = { ...(isObject(thinking) ? thinking : {}), thinkingBudget };
  return { body: { ...generation, thinkingConfig }, losses: [] };
}

/**
 * Vertex AI refuses ids of function calls, and the Gemini API does not need them: both match a
 * turn's results to its calls by their order, in which `prepare` has brought them.
 */
function withoutCallIds(contents: unknown): unknown {
  if (!Array.isArray(contents)) return contents;
  return contents.filter(isObject).map((content) => ({
    ...content,
    parts: Array.isArray(content['parts'])
      ? content['parts'].filter(isObject).map(withoutCallId)
      : [],
  }));
}

function withoutCallId(part: JsonObject): JsonObject {
  for (const name of ['functionCall', 'functionResponse']) {
    const member = part[name];
    if (isObject(member)) {
      const { id: _id, ...rest } = member;
      return { ...part, [name]: rest };
    }
  }
  return part;
}

/**
 * The SDK asks again for the rest of an answer that Gemini broke off (`CONTINUATION`). There is no
 * rest here: the token by which it would ask is taken out, and the answer counts as cut.
 */
function answeringOnce(transport: typeof fetch): typeof fetch {
  return async (address, init) => {
    const response = await transport(address, init);
    return Response.json(withoutContinuation(await response.json()));
  };
}

function withoutContinuation(answer: unknown): unknown {
  if (!isObject(answer) || !Array.isArray(answer['candidates'])) return answer;
  return {
    ...answer,
    candidates: answer['candidates'].map((candidate: unknown) =>
      isObject(candidate) ? { ...candidate, continuationToken: undefined } : candidate,
    ),
  };
}
