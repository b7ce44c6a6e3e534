import { NO_FUNCTIONS_WHILE_REASONING } from '../model-facts.ts';
import { membersOf, type ModelQuirk, NO_EDITS, type ReadMember } from './model-quirk.ts';

const LADDER = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
type Effort = (typeof LADDER)[number];

/** The efforts that models know, as @ai-sdk/openai 4.0.118 and OpenAI's reference list them. */
const EFFORTS: readonly { models: readonly string[]; efforts: readonly Effort[] }[] = [
  { models: ['o1', 'o3', 'o3-mini', 'o4-mini'], efforts: ['low', 'medium', 'high'] },
  {
    models: ['gpt-5', 'gpt-5-mini', 'gpt-5-nano'],
    efforts: ['minimal', 'low', 'medium', 'high'],
  },
  { models: ['gpt-5.1'], efforts: ['none', 'low', 'medium', 'high'] },
  {
    models: ['gpt-5.2', 'gpt-5.4', 'gpt-5.4-mini', 'gpt-5.4-nano', 'gpt-5.5'],
    efforts: ['none', 'low', 'medium', 'high', 'xhigh'],
  },
  {
    models: [
      'gpt-5.6-luna',
      'gpt-5.6-sol',
      'gpt-5.6-terra',
      'gpt-6-luna',
      'gpt-6-sol',
      'gpt-6.1-terra',
    ],
    efforts: ['none', 'low', 'medium', 'high', 'xhigh', 'max'],
  },
  {
    models: ['gpt-6-astra', 'gpt-6.1-sol'],
    efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  },
];

export const openaiEffortQuirks: readonly ModelQuirk[] = [
  {
    models: NO_FUNCTIONS_WHILE_REASONING,
    dialects: ['chat-completions'],
    edit(read, model) {
      if (!hasFunctions(read) || read('reasoning_effort') === 'none') return NO_EDITS;
      const message = `${model} calls functions in chat completions only without reasoning`;
      return {
        edits: { reasoning_effort: 'none' },
        losses: [{ field: 'reasoning_effort', message }],
      };
    },
  },
  ...EFFORTS.flatMap(({ models, efforts }): ModelQuirk[] => [
    {
      models,
      dialects: ['chat-completions'],
      edit(read, model) {
        // Only responses know `max`.
        const known = efforts.filter((effort) => effort !== 'max');
        const asked = read('reasoning_effort');
        const nearest = nearestEffort(asked, known);
        return nearest === undefined
          ? NO_EDITS
          : {
              edits: { reasoning_effort: nearest },
              losses: [{ field: 'reasoning_effort', message: changed(model, asked, nearest) }],
            };
      },
    },
    {
      models,
      dialects: ['responses'],
      edit(read, model) {
        const reasoning = membersOf(read('reasoning'));
        const asked = reasoning['effort'];
        const nearest = nearestEffort(asked, efforts);
        return nearest === undefined
          ? NO_EDITS
          : {
              edits: { reasoning: { ...reasoning, effort: nearest } },
              losses: [{ field: 'reasoning.effort', message: changed(model, asked, nearest) }],
            };
      },
    },
  ]),
];

function hasFunctions(read: ReadMember): boolean {
  const tools = read('tools');
  return Array.isArray(tools) && tools.some((tool) => membersOf(tool)['type'] === 'function');
}

/** The nearest effort the model knows, of two equally near ones the higher; undefined for no change. */
function nearestEffort(asked: unknown, known: readonly Effort[]): Effort | undefined {
  const step = LADDER.findIndex((effort) => effort === asked);
  if (step === -1 || known.some((effort) => effort === asked)) return undefined;
  const distance = (effort: Effort): number => Math.abs(LADDER.indexOf(effort) - step);
  return known.toReversed().toSorted((one, other) => distance(one) - distance(other))[0];
}

function changed(model: string, asked: unknown, nearest: Effort): string {
  return `${model} has no effort ${String(asked)}; it gets ${nearest}`;
}
