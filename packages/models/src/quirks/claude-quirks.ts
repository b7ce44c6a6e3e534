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

// Anthropic's documentation of the Messages API as of November 2026, and the capabilities in
// @ai-sdk/anthropic 4.0.105.

const UP_TO_4_6 = [
  'claude-sonnet-4',
  'claude-opus-4',
  'claude-opus-4-1',
  'claude-sonnet-4-5',
  'claude-haiku-4-5',
  'claude-opus-4-5',
  'claude-opus-4-6',
  'claude-sonnet-4-6',
] as const;

const NEWER_THAN_4_6 = [
  'claude-opus-4-7',
  'claude-opus-4-8',
  'claude-opus-5',
  'claude-sonnet-5',
  'claude-fable-5',
  'claude-fable-5-1',
  'claude-fable-5-2',
  'claude-opus-5-5',
  'claude-sonnet-5-5',
  'claude-haiku-5-5',
  'claude-mythos-5',
  'claude-mythos-5-1',
  'claude-mythos-5-2',
] as const;

const THINKING_BY_BUDGET = ['claude-3-7-sonnet', ...UP_TO_4_6] as const;

const BEFORE_ADAPTIVE = [
  'claude-3-7-sonnet',
  'claude-sonnet-4',
  'claude-opus-4',
  'claude-opus-4-1',
  'claude-sonnet-4-5',
  'claude-haiku-4-5',
  'claude-opus-4-5',
] as const;

const ALWAYS_THINKING = [
  'claude-fable-5',
  'claude-fable-5-1',
  'claude-fable-5-2',
  'claude-opus-5-5',
  'claude-sonnet-5-5',
] as const;

const NO_FORCED_TOOL = [
  'claude-fable-5-1',
  'claude-fable-5-2',
  'claude-opus-5-5',
  'claude-sonnet-5-5',
] as const;

/** Know no `output_config.effort`. */
const WITHOUT_EFFORT = [
  'claude-sonnet-4',
  'claude-opus-4',
  'claude-opus-4-1',
  'claude-sonnet-4-5',
  'claude-haiku-4-5',
] as const;

const WITHOUT_XHIGH = ['claude-opus-4-5', 'claude-opus-4-6', 'claude-sonnet-4-6'] as const;

/** Can be kept from thinking at efforts up to `high` only. */
const THINKING_AT_XHIGH = ['claude-opus-5', 'claude-haiku-5-5'] as const;

const SAMPLING: readonly Refusal[] = [
  { member: 'temperature', takes: (value) => value === 1, reason: 'no temperature but 1' },
  {
    member: 'top_p',
    takes: (value) => typeof value === 'number' && value >= 0.99,
    reason: 'no top_p below 0.99',
  },
  { member: 'top_k', takes: () => false, reason: 'no top_k' },
];

const SAMPLING_BESIDE_THINKING = SAMPLING.map((refusal) => ({
  ...refusal,
  reason: `${refusal.reason} while it thinks`,
}));

/** In this order: what an earlier row removed, a later one no longer sees. */
export const claudeQuirks: readonly ModelQuirk[] = [
  { models: NEWER_THAN_4_6, dialects: ['messages'], edit: thinkAdaptively },
  { models: BEFORE_ADAPTIVE, dialects: ['messages'], edit: thinkNotUnbudgeted },
  { models: ALWAYS_THINKING, dialects: ['messages'], edit: keepThinking },
  { models: WITHOUT_EFFORT, dialects: ['messages'], edit: dropEffort },
  { models: WITHOUT_XHIGH, dialects: ['messages'], edit: lowerXhigh },
  { models: THINKING_AT_XHIGH, dialects: ['messages'], edit: lowerEffortWithoutThinking },
  { models: NO_FORCED_TOOL, dialects: ['messages'], edit: freeToolChoice },
  { models: NO_FORCED_TOOL, dialects: ['chat-completions'], edit: freeChatToolChoice },
  refuses({ models: NEWER_THAN_4_6, dialects: ['messages', 'chat-completions'] }, SAMPLING),
  refuses({ models: THINKING_BY_BUDGET, dialects: ['messages'] }, SAMPLING_BESIDE_THINKING, thinks),
  { models: UP_TO_4_6, dialects: ['messages', 'chat-completions'], edit: oneOfTemperatureAndTopP },
];

function thinks(read: ReadMember): boolean {
  const { type } = membersOf(read('thinking'));
  return type === 'enabled' || type === 'adaptive';
}

function thinkAdaptively(read: ReadMember, model: string): QuirkEdits {
  const { type, budget_tokens: budget, ...rest } = membersOf(read('thinking'));
  if (type !== 'enabled') return NO_EDITS;
  const field = isSet(budget) ? 'thinking.budget_tokens' : 'thinking.type';
  return {
    edits: { thinking: { ...rest, type: 'adaptive' } },
    losses: [{ field, message: `${model} decides itself how long it thinks` }],
  };
}

/** A budget has to fit the answer's limit and is the caller's to choose. */
function thinkNotUnbudgeted(read: ReadMember, model: string): QuirkEdits {
  if (membersOf(read('thinking'))['type'] !== 'adaptive') return NO_EDITS;
  return {
    edits: { thinking: undefined },
    losses: [{ field: 'thinking', message: `${model} thinks only by a budget` }],
  };
}

function dropEffort(read: ReadMember, model: string): QuirkEdits {
  const { effort, ...rest } = membersOf(read('output_config'));
  if (!isSet(effort)) return NO_EDITS;
  const output = Object.keys(rest).length === 0 ? undefined : rest;
  return { edits: { output_config: output }, losses: [lostEffort(`${model} knows no effort`)] };
}

function lowerXhigh(read: ReadMember, model: string): QuirkEdits {
  if (membersOf(read('output_config'))['effort'] !== 'xhigh') return NO_EDITS;
  return highEffort(read, `${model} has no effort xhigh; it gets high`);
}

function lowerEffortWithoutThinking(read: ReadMember, model: string): QuirkEdits {
  const { effort } = membersOf(read('output_config'));
  const isTooHigh = effort === 'xhigh' || effort === 'max';
  if (!isTooHigh || membersOf(read('thinking'))['type'] !== 'disabled') return NO_EDITS;
  return highEffort(read, `${model} thinks at efforts above high; it gets high`);
}

function highEffort(read: ReadMember, message: string): QuirkEdits {
  const output = { ...membersOf(read('output_config')), effort: 'high' };
  return { edits: { output_config: output }, losses: [lostEffort(message)] };
}

function lostEffort(message: string): QuirkEdits['losses'][number] {
  return { field: 'output_config.effort', message };
}

function keepThinking(read: ReadMember, model: string): QuirkEdits {
  if (membersOf(read('thinking'))['type'] !== 'disabled') return NO_EDITS;
  return {
    edits: { thinking: undefined },
    losses: [{ field: 'thinking', message: `${model} cannot be kept from thinking` }],
  };
}

function freeToolChoice(read: ReadMember, model: string): QuirkEdits {
  const { type, disable_parallel_tool_use: oneAtATime } = membersOf(read('tool_choice'));
  if (type !== 'any' && type !== 'tool') return NO_EDITS;
  const choice = {
    type: 'auto',
    ...(isSet(oneAtATime) && { disable_parallel_tool_use: oneAtATime }),
  };
  return { edits: { tool_choice: choice }, losses: [unforced(model)] };
}

function freeChatToolChoice(read: ReadMember, model: string): QuirkEdits {
  const choice = read('tool_choice');
  const named = membersOf(choice)['type'];
  if (choice !== 'required' && named !== 'function' && named !== 'custom') return NO_EDITS;
  return { edits: { tool_choice: 'auto' }, losses: [unforced(model)] };
}

function unforced(model: string): QuirkEdits['losses'][number] {
  return { field: 'tool_choice', message: `${model} cannot be forced to call a tool` };
}

function oneOfTemperatureAndTopP(read: ReadMember, model: string): QuirkEdits {
  if (!isSet(read('temperature')) || !isSet(read('top_p'))) return NO_EDITS;
  const changesNothing = read('top_p') === 1;
  const message = `${model} does not take top_p together with temperature`;
  return {
    edits: { top_p: undefined },
    losses: changesNothing ? [] : [{ field: 'top_p', message }],
  };
}
