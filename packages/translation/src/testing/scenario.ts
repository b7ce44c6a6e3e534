import * as fc from 'fast-check';

/** A completion request in no dialect, for tests that say the same thing in each of them. */
export interface Scenario {
  system: string[];
  exchanges: Exchange[];
  /** What the conversation ends with. */
  question: string;
  tools: ScenarioTool[];
  toolChoice: 'auto' | 'none' | 'required' | 'first-tool' | undefined;
  schema: { strict: boolean } | undefined;
  maxOutputTokens: number | undefined;
  temperature: number | undefined;
  topP: number | undefined;
  stop: string[] | undefined;
  effort: 'none' | 'low' | 'medium' | 'high' | undefined;
  oneCallAtATime: boolean | undefined;
  user: string | undefined;
  /** Members that one caller dialect has, and the others have not. */
  topK: number | undefined;
  seed: number | undefined;
  presencePenalty: number | undefined;
  verbosity: 'low' | 'high' | undefined;
  metadata: Record<string, string> | undefined;
  logitBias: Record<string, number> | undefined;
  topLogprobs: number | undefined;
  serviceTier: string | undefined;
  store: boolean | undefined;
  promptCacheKey: string | undefined;
  safetyIdentifier: string | undefined;
}

export interface Exchange {
  question: string;
  image: { url: string } | { base64: string; mediaType: string } | undefined;
  answer: string | undefined;
  /** Calls of the first tools, in their order, each with its result. */
  calls: { input: Record<string, string | number>; result: string }[];
}

interface ScenarioTool {
  name: string;
  description: string | undefined;
  strict: boolean | undefined;
}

/** The schema of every tool, and of the output: one that each vendor enforces. */
export const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'number' } },
  required: ['city', 'days'],
  additionalProperties: false,
} as const;

/** Asks one question, and for nothing else. */
export const PLAIN_SCENARIO: Scenario = {
  system: [],
  exchanges: [],
  question: 'What is the weather?',
  tools: [],
  toolChoice: undefined,
  schema: undefined,
  maxOutputTokens: undefined,
  temperature: undefined,
  topP: undefined,
  stop: undefined,
  effort: undefined,
  oneCallAtATime: undefined,
  user: undefined,
  topK: undefined,
  seed: undefined,
  presencePenalty: undefined,
  verbosity: undefined,
  metadata: undefined,
  logitBias: undefined,
  topLogprobs: undefined,
  serviceTier: undefined,
  store: undefined,
  promptCacheKey: undefined,
  safetyIdentifier: undefined,
};

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter(hasNoBareEdges);
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined });

// White space at the edges is no content to some vendors, who trim or refuse it.
function hasNoBareEdges(value: string): boolean {
  return value.trim() === value && value !== '';
}

const call = fc.record({
  input: fc.record({ city: text, days: fc.integer({ min: 0, max: 99 }) }),
  result: text,
});

const image = fc.constantFrom(
  { url: 'https://example.com/cat.png' },
  { base64: 'iVBORw0KGgo=', mediaType: 'image/png' },
);

function exchange(tools: number): fc.Arbitrary<Exchange> {
  return fc
    .record({
      question: text,
      image: maybe(image),
      answer: maybe(text),
      calls: fc.array(call, { maxLength: tools }),
    })
    .map((made) =>
      made.calls.length === 0 && made.answer === undefined ? { ...made, answer: 'Yes.' } : made,
    );
}

const toolNames = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z_]{2,11}$/), { maxLength: 3 });

export const scenarios: fc.Arbitrary<Scenario> = toolNames.chain((names) => {
  const tool = fc.record({ description: maybe(text), strict: maybe(fc.boolean()) });
  return fc.record({
    system: fc.array(text, { maxLength: 2 }),
    exchanges: fc.array(exchange(names.length), { maxLength: 3 }),
    question: text,
    tools: fc.tuple(...names.map((name) => tool.map((rest) => ({ name, ...rest })))),
    toolChoice:
      names.length === 0
        ? fc.constant(undefined)
        : maybe(fc.constantFrom('auto', 'none', 'required', 'first-tool')),
    schema: maybe(fc.record({ strict: fc.boolean() })),
    maxOutputTokens: maybe(
      fc.oneof(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 16, max: 3000 })),
    ),
    temperature: maybe(fc.integer({ min: 0, max: 15 }).map((tenths) => tenths / 10)),
    topP: maybe(fc.integer({ min: 1, max: 10 }).map((tenths) => tenths / 10)),
    stop: maybe(fc.array(text, { minLength: 1, maxLength: 6 })),
    effort: maybe(fc.constantFrom('none', 'low', 'medium', 'high')),
    oneCallAtATime: names.length === 0 ? fc.constant(undefined) : maybe(fc.boolean()),
    user: maybe(fc.stringMatching(/^[a-z0-9]{4,8}$/)),
    topK: maybe(fc.integer({ min: 1, max: 40 })),
    seed: maybe(fc.integer({ min: 0, max: 1000 })),
    presencePenalty: maybe(fc.constantFrom(-1, 0.5, 2)),
    verbosity: maybe(fc.constantFrom('low', 'high')),
    metadata: maybe(fc.constant({ team: 'blue' })),
    logitBias: maybe(fc.constant({ '50256': -100 })),
    topLogprobs: maybe(fc.integer({ min: 1, max: 5 })),
    serviceTier: maybe(fc.constantFrom('auto', 'flex', 'priority', 'scale')),
    store: maybe(fc.boolean()),
    promptCacheKey: maybe(fc.constant('greeting')),
    safetyIdentifier: maybe(fc.constant('hash')),
  });
});
