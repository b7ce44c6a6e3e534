import type { CompletionDialect } from './codec-of.ts';
import { TOOLS_NEEDED } from './warning-losses.ts';

/** What a request may lose on its way into a dialect; each loss is told as a warning. */
export interface KnownLoss {
  /** An option or extra of the neutral request, or `prompt` for parts of the conversation. */
  option: string;
  when: string;
}

const ALWAYS = 'always: the dialect has no member for it';
const BY_MODEL = 'where the model refuses it';
const NEAREST_EFFORT = 'where the model knows other efforts: the nearest one is asked for';
const FOREIGN_REASONING = 'reasoning in the conversation that is signed for another vendor';
const SYSTEM_IN_FRONT = 'a system turn inside the conversation moves to its front';
const FAILED_RESULTS = 'the mark of a tool that failed, for models other than Claude and Nova';
const FILES_AFTER_RESULTS = 'files in tool results move to a user turn after them';
const NOT_ENFORCED = 'where the model has no schema output: it is asked for by a tool, or in words';
const UNFORCED = 'a forced choice where the model refuses it, or thinks';
const BUDGET_AS_EFFORT = 'where the model counts no tokens: an effort stands for it';
const SCHEMA_PARTS =
  "JSON without a schema, a schema's description, and keywords that the model does not enforce";
const FOREIGN_MARKS = 'always: a mark that means something to its own vendor only';

/** Of JSON schema, as OpenAI's package takes them out, and as OpenAI's strict mode refuses them. */
const UNENFORCED_SCHEMAS: readonly KnownLoss[] = [
  ...['tools', 'responseFormat'].map((option) => ({
    option,
    when: 'the keyword propertyNames, and a pattern with lookaround, in its schema',
  })),
  ...['tools', 'strictJsonSchema'].map((option) => ({
    option,
    when: 'its strictness, where the schema has optional properties or others that are not listed, or keywords that strict mode does not know',
  })),
];

/**
 * All that translation is known to lose, by the dialect of the call. The tests hold every codec to
 * it: what is not listed here is kept.
 */
export const KNOWN_LOSSES: Readonly<Record<CompletionDialect, readonly KnownLoss[]>> = {
  'chat-completions': [
    { option: 'topK', when: ALWAYS },
    { option: 'stopSequences', when: 'beyond the first four, where the model is one of OpenAI' },
    ...[
      'temperature',
      'topP',
      'presencePenalty',
      'frequencyPenalty',
      'logitBias',
      'topLogprobs',
    ].map((option) => ({ option, when: BY_MODEL })),
    {
      option: 'reasoning',
      when: `${NEAREST_EFFORT}; where it does not reason, none, as beside tools for some`,
    },
    { option: 'reasoningBudgetTokens', when: 'always: an effort stands for it' },
    ...UNENFORCED_SCHEMAS,
    { option: 'reasoningSummary', when: ALWAYS },
    ...['safetyIdentifier', 'verbosity', 'serviceTier', 'metadata', 'store', 'promptCacheKey'].map(
      (option) => ({ option, when: 'where the model is not one of OpenAI' }),
    ),
    { option: 'prompt', when: FOREIGN_REASONING },
    { option: 'prompt', when: FILES_AFTER_RESULTS },
    ...foreignMarks('cacheControl', 'thoughtSignature'),
  ],
  responses: [
    ...['topK', 'seed', 'stopSequences', 'presencePenalty', 'frequencyPenalty', 'logitBias'].map(
      (option) => ({ option, when: ALWAYS }),
    ),
    ...['temperature', 'topP', 'topLogprobs', 'reasoningSummary', 'serviceTier'].map((option) => ({
      option,
      when: BY_MODEL,
    })),
    { option: 'maxOutputTokens', when: 'below the 16 that the dialect takes at least' },
    { option: 'reasoning', when: `${NEAREST_EFFORT}; where it does not reason, none` },
    { option: 'reasoningBudgetTokens', when: 'always: an effort stands for it' },
    ...UNENFORCED_SCHEMAS,
    { option: 'store', when: 'always: answers are never stored at the vendor' },
    { option: 'prompt', when: FOREIGN_REASONING },
    ...foreignMarks('cacheControl', 'thoughtSignature', 'name'),
  ],
  messages: [
    ...['seed', 'presencePenalty', 'frequencyPenalty', 'logitBias', 'topLogprobs'].map(
      (option) => ({ option, when: ALWAYS }),
    ),
    ...['verbosity', 'metadata', 'store', 'promptCacheKey', 'serviceTier'].map((option) => ({
      option,
      when: ALWAYS,
    })),
    { option: 'safetyIdentifier', when: 'beside a user, which takes its place' },
    { option: 'reasoningSummary', when: 'where no reasoning is asked for' },
    { option: 'temperature', when: `above 1, which is asked for instead; ${BY_MODEL}` },
    { option: 'topP', when: `beside a temperature; ${BY_MODEL}` },
    { option: 'topK', when: BY_MODEL },
    { option: 'toolChoice', when: UNFORCED },
    { option: 'maxOutputTokens', when: 'above what the model takes; a cap has to be filled in' },
    { option: 'reasoning', when: `${NEAREST_EFFORT}; where the cap on tokens leaves no room` },
    { option: 'reasoningBudgetTokens', when: BY_MODEL },
    { option: 'responseFormat', when: SCHEMA_PARTS },
    { option: 'strictJsonSchema', when: NOT_ENFORCED },
    { option: 'tools', when: 'their strictness, where the model does not know it' },
    { option: 'prompt', when: FOREIGN_REASONING },
    { option: 'prompt', when: SYSTEM_IN_FRONT },
    ...foreignMarks('imageDetail', 'thoughtSignature', 'name'),
  ],
  'generate-content': [
    ...['parallelToolCalls', 'user', 'safetyIdentifier', 'verbosity', 'serviceTier'].map(
      (option) => ({ option, when: ALWAYS }),
    ),
    ...['metadata', 'store', 'promptCacheKey', 'topLogprobs', 'logitBias'].map((option) => ({
      option,
      when: ALWAYS,
    })),
    ...['presencePenalty', 'frequencyPenalty'].map((option) => ({ option, when: BY_MODEL })),
    { option: 'stopSequences', when: 'beyond the first five' },
    { option: 'reasoning', when: `${NEAREST_EFFORT}; where the cap on tokens leaves no room` },
    { option: 'reasoningBudgetTokens', when: BUDGET_AS_EFFORT },
    { option: 'responseFormat', when: "a schema's description" },
    { option: 'strictJsonSchema', when: NOT_ENFORCED },
    { option: 'prompt', when: FOREIGN_REASONING },
    { option: 'prompt', when: SYSTEM_IN_FRONT },
    { option: 'prompt', when: FILES_AFTER_RESULTS },
    ...foreignMarks('cacheControl', 'imageDetail', 'name'),
  ],
  converse: [
    ...['seed', 'presencePenalty', 'frequencyPenalty', 'logitBias', 'topLogprobs'].map(
      (option) => ({ option, when: ALWAYS }),
    ),
    ...['parallelToolCalls', 'user', 'safetyIdentifier', 'verbosity', 'metadata', 'store'].map(
      (option) => ({ option, when: ALWAYS }),
    ),
    ...['promptCacheKey', 'reasoningSummary'].map((option) => ({ option, when: ALWAYS })),
    { option: 'serviceTier', when: 'one that Bedrock has no name for' },
    { option: 'temperature', when: `above 1, which is asked for instead; ${BY_MODEL}` },
    ...['topP', 'topK', 'stopSequences', 'maxOutputTokens'].map((option) => ({
      option,
      when: BY_MODEL,
    })),
    { option: 'reasoningBudgetTokens', when: BUDGET_AS_EFFORT },
    { option: 'reasoning', when: `where it cannot be asked for; ${NEAREST_EFFORT}` },
    { option: 'toolChoice', when: UNFORCED },
    { option: 'responseFormat', when: SCHEMA_PARTS },
    { option: 'strictJsonSchema', when: NOT_ENFORCED },
    { option: 'tools', when: 'their strictness, where the model does not know it' },
    { option: 'prompt', when: FOREIGN_REASONING },
    { option: 'prompt', when: SYSTEM_IN_FRONT },
    { option: 'prompt', when: FAILED_RESULTS },
    ...foreignMarks('cacheControl', 'imageDetail', 'thoughtSignature', 'name'),
  ],
};

/**
 * Requests that make a target be skipped, because a part of the conversation would vanish: the
 * reasons of `UntranslatableError`.
 */
export const KNOWN_REFUSALS: Readonly<Record<CompletionDialect, readonly string[]>> = {
  'chat-completions': [
    'there is no place for text file parts',
    'there is no place for PDF file parts with URLs',
    'there is no place for audio file parts with URLs',
  ],
  responses: ['there is no place for text file parts'],
  messages: [],
  'generate-content': [],
  converse: ['there is no place for File URL data', TOOLS_NEEDED],
};

function foreignMarks(...marks: readonly string[]): KnownLoss[] {
  return marks.map((option) => ({ option, when: FOREIGN_MARKS }));
}
