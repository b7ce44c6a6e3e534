import {
  isSet,
  membersOf,
  type ModelQuirk,
  NO_EDITS,
  type QuirkEdits,
  type ReadMember,
  type Refusal,
  refuses,
} from './model-quirk.ts';
import { openaiEffortQuirks } from './openai-effort-quirks.ts';

// The reasoning models and their sampling rules as @ai-sdk/openai 4.0.118 lists them; that an
// effort left out means `none` for 5.1 and 5.2, as OpenAI's reference of `reasoning_effort` says.

/** Take no sampling parameters at any effort. */
const ALWAYS_REASONING = [
  'o1',
  'o3',
  'o3-mini',
  'o3-pro',
  'o4-mini',
  'gpt-5',
  'gpt-5-mini',
  'gpt-5-nano',
  'gpt-5-pro',
  'gpt-5-codex',
  'gpt-6-astra',
  'gpt-6.1-sol',
] as const;

/** Take them when the effort is `none`, which is their default. */
const NOT_REASONING_BY_DEFAULT = ['gpt-5.1', 'gpt-5.2'] as const;

/** Take them when the effort is said to be `none`. */
const REASONING_BY_DEFAULT = [
  'gpt-5.1-chat-latest',
  'gpt-5.1-codex',
  'gpt-5.1-codex-max',
  'gpt-5.1-codex-mini',
  'gpt-5.2-chat-latest',
  'gpt-5.2-codex',
  'gpt-5.2-pro',
  'gpt-5.3-chat-latest',
  'gpt-5.3-codex',
  'gpt-5.4',
  'gpt-5.4-mini',
  'gpt-5.4-nano',
  'gpt-5.4-pro',
  'gpt-5.5',
  'gpt-5.5-pro',
  'gpt-5.6-luna',
  'gpt-5.6-sol',
  'gpt-5.6-terra',
  'gpt-6-luna',
  'gpt-6-sol',
  'gpt-6.1-terra',
] as const;

const REASONING = [...ALWAYS_REASONING, ...NOT_REASONING_BY_DEFAULT, ...REASONING_BY_DEFAULT];

/** Refuse log probabilities in responses too while they reason; earlier ones differ. */
const SIXTH_GENERATION = REASONING.filter((model) => model.startsWith('gpt-6'));

const DIALECTS = ['chat-completions', 'responses'] as const;

const takesOne = (value: unknown): boolean => value === 1;
const takesZero = (value: unknown): boolean => value === 0;

const SAMPLING: readonly Refusal[] = [
  { member: 'temperature', takes: takesOne, reason: 'no temperature but 1 while it reasons' },
  { member: 'top_p', takes: takesOne, reason: 'no top_p but 1 while it reasons' },
];

const LOGPROBS: readonly Refusal[] = [
  { member: 'logprobs', takes: (value) => value === false, reason: 'no logprobs while it reasons' },
  { member: 'top_logprobs', takes: takesZero, reason: 'no top_logprobs while it reasons' },
];

const NEVER_TAKEN: readonly Refusal[] = [
  { member: 'presence_penalty', takes: takesZero, reason: 'no presence_penalty' },
  { member: 'frequency_penalty', takes: takesZero, reason: 'no frequency_penalty' },
  {
    member: 'logit_bias',
    takes: (value) => Object.keys(membersOf(value)).length === 0,
    reason: 'no logit_bias',
  },
];

const STOP: readonly Refusal[] = [{ member: 'stop', takes: () => false, reason: 'no stop' }];

/** In this order: the effort is settled first, for the sampling depends on it. */
export const openaiQuirks: readonly ModelQuirk[] = [
  ...openaiEffortQuirks,
  { models: REASONING, dialects: ['chat-completions'], edit: renameMaxTokens },
  refuses({ models: REASONING, dialects: DIALECTS }, SAMPLING, reasons),
  refuses({ models: REASONING, dialects: ['chat-completions'] }, LOGPROBS, reasons),
  refuses({ models: SIXTH_GENERATION, dialects: ['responses'] }, LOGPROBS, reasons),
  refuses({ models: REASONING, dialects: ['chat-completions'] }, NEVER_TAKEN),
  refuses({ models: ['o3', 'o4-mini'], dialects: ['chat-completions'] }, STOP),
];

/** Whether the model will reason, as far as the body decides it. */
function reasons(read: ReadMember, model: string): boolean {
  if (has(ALWAYS_REASONING, model)) return true;
  const effort = effortOf(read) ?? (has(NOT_REASONING_BY_DEFAULT, model) ? 'none' : undefined);
  return effort !== 'none';
}

function has(models: readonly string[], model: string): boolean {
  return models.includes(model);
}

function effortOf(read: ReadMember): unknown {
  return read('reasoning_effort') ?? membersOf(read('reasoning'))['effort'] ?? undefined;
}

/** Their limit covers reasoning too and goes by another name; the old one is an error. */
function renameMaxTokens(read: ReadMember): QuirkEdits {
  const limit = read('max_tokens');
  if (limit === undefined) return NO_EDITS;
  const isSaidTwice = isSet(read('max_completion_tokens'));
  const renamed = isSet(limit) && !isSaidTwice ? { max_completion_tokens: limit } : {};
  return { edits: { max_tokens: undefined, ...renamed }, losses: [] };
}
