import { describe, expect, test } from 'vitest';
import type { CompletionDialect } from './codecs/codec-of.ts';
import answers from './fixtures/provider-answers.json' with { type: 'json' };
import { CALLER_BODIES } from './testing/caller-bodies.ts';
import { completionDialects } from './testing/completion-dialects.ts';
import { CLIENTS, type SeenAnswer } from './testing/received-answer.ts';
import { PLAIN_SCENARIO } from './testing/scenario.ts';
import { translate } from './translate.ts';

type Caller = keyof typeof CLIENTS;
type Case = keyof (typeof answers)['messages'];

const OSLO = { name: 'weather', input: { city: 'Oslo', days: 2 } };
const ROME = { name: 'weather', input: { city: 'Rome', days: 1 } };
const FORECAST = 'Rain in Oslo, sun in Rome.';

/** What each recorded answer says, whichever provider gave it. */
const SAID: Readonly<Record<Case, Pick<SeenAnswer, 'text' | 'calls' | 'ending'>>> = {
  plain: { text: FORECAST, calls: [], ending: 'done' },
  'tool call': { text: '', calls: [OSLO], ending: 'calls' },
  'parallel tool calls': { text: 'I look.', calls: [OSLO, ROME], ending: 'calls' },
  schema: { text: JSON.stringify(OSLO.input), calls: [], ending: 'done' },
  refusal: { text: '', calls: [], ending: 'refused' },
  'cut off': { text: 'Rain in', calls: [], ending: 'cut' },
  reasoning: { text: FORECAST, calls: [], ending: 'done' },
};
const THOUGHT = 'Two cities are asked for.';

/** OpenAI's models refuse in words. */
const REFUSAL_IN_WORDS: readonly CompletionDialect[] = ['chat-completions', 'responses'];

const callers = Object.keys(CLIENTS) as Caller[];
const cases = Object.keys(SAID) as Case[];

/** The members by which a caller asks to be shown what the model thinks. */
const WANTS_REASONING = { reasoning: { effort: 'low', summary: 'auto' } };

async function receive(from: Caller, to: CompletionDialect, kind: Case) {
  const { model, answer } = answers[to][kind];
  const scenario =
    kind === 'schema'
      ? { ...PLAIN_SCENARIO, schema: { strict: true } }
      : {
          ...PLAIN_SCENARIO,
          tools: [{ name: 'weather', description: undefined, strict: undefined }],
        };
  const body = { ...CALLER_BODIES[from](scenario), ...(from === 'responses' && WANTS_REASONING) };
  const translation = await translate({ from, to, model, body: Buffer.from(JSON.stringify(body)) });
  const { body: written, losses } = await translation.answer({
    id: '0190',
    model,
    createdAt: 1_790_000_000_000,
    usage: { input_tokens: 40, output_tokens: 12, reasoning_tokens: 4 },
    body: Buffer.from(JSON.stringify(answer)),
  });
  const seen = await CLIENTS[from](JSON.parse(written.toString()) as object);
  return { seen, losses, written: written.toString() };
}

test('provider-answers.json has recorded answers of each dialect that completes', () => {
  expect(Object.keys(answers).toSorted()).toEqual(completionDialects);
});

describe.for(callers)('the official client of %s sees', (from) => {
  const dialects = (Object.keys(answers) as CompletionDialect[]).filter((to) => to !== from);

  test.for(dialects.flatMap((to) => cases.map((kind) => [to, kind] as const)))(
    'of an answer in %s (%s) what the model said, why it ended, and its usage',
    async ([to, kind]) => {
      const { seen, losses } = await receive(from, to, kind);
      const inWords = kind === 'refusal' && REFUSAL_IN_WORDS.includes(to);
      const said = inWords ? { ...SAID.refusal, text: "I can't help with that." } : SAID[kind];
      expect(seen).toMatchObject({ ...said, tokens: [40, 12, 4] });
      const told = kind === 'reasoning' ? [] : losses;
      expect(told).toEqual([]);
    },
  );

  test.for(dialects)('of the reasoning in %s what its dialect shows, or it is told', async (to) => {
    const { seen, losses } = await receive(from, to, 'reasoning');
    const told = losses.map(({ field }) => field);
    expect(seen.reasoning === THOUGHT || told.includes('content[].thinking')).toBe(true);
    expect(told.includes('content[].thinking')).toBe(from === 'messages' && to !== 'converse');
  });
});

test("thoughts of Claude on Bedrock keep Claude's signature, and can be given back", async () => {
  const { written } = await receive('messages', 'converse', 'reasoning');
  expect(JSON.parse(written).content[0]).toEqual({
    type: 'thinking',
    thinking: THOUGHT,
    signature: 'EqQBCgIYAhIM',
  });
});
