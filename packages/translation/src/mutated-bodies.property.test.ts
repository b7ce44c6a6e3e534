import type { CallerDialect } from '@understudy/contracts';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CompletionDialect } from './codecs/codec-of.ts';
import answers from './fixtures/provider-answers.json' with { type: 'json' };
import { UntranslatableError } from './loss.ts';
import { CALLER_BODIES } from './testing/caller-bodies.ts';
import { bytesOf, mutations } from './testing/mutation.ts';
import { PLAIN_SCENARIO, scenarios } from './testing/scenario.ts';
import { translate, UnreadableAnswerError } from './translate.ts';

type Caller = Exclude<CallerDialect, 'embeddings'>;

const PAIRS = (Object.keys(CALLER_BODIES) as Caller[]).flatMap((from) =>
  (Object.keys(answers) as CompletionDialect[])
    .filter((to) => to !== from)
    .map((to) => ({ from, to })),
);

/** Good, or refused with the one error that may be; any other is thrown. */
async function outcomeOf(
  attempt: Promise<unknown>,
  expected: typeof UntranslatableError | typeof UnreadableAnswerError,
): Promise<'good' | 'refused'> {
  try {
    await attempt;
    return 'good';
  } catch (error) {
    if (error instanceof expected) return 'refused';
    throw error;
  }
}

const pairs = fc.constantFrom(...PAIRS).chain(({ from, to }) =>
  fc.record({
    from: fc.constant(from),
    to: fc.constant(to),
    recorded: fc.constantFrom(...Object.values(answers[to])),
    mutate: mutations,
  }),
);

test(
  'a wrong body of any caller is translated to any other dialect, or is untranslatable',
  { timeout: 60_000 },
  async () => {
    const outcomes = { good: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(pairs, scenarios, async ({ from, to, recorded, mutate }, scenario) => {
        const body = bytesOf(mutate(CALLER_BODIES[from](scenario)));
        const attempt = translate({ from, to, model: recorded.model, body });
        outcomes[await outcomeOf(attempt, UntranslatableError)] += 1;
      }),
      { numRuns: 300 },
    );
    // Seeds differ: most mutations spoil a body, and some runs meet few that do not.
    expect(outcomes.good).toBeGreaterThan(5);
    expect(outcomes.refused).toBeGreaterThan(20);
  },
);

test(
  'a wrong answer in any dialect is written for every caller, or is unreadable',
  { timeout: 60_000 },
  async () => {
    const outcomes = { good: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(pairs, async ({ from, to, recorded, mutate }) => {
        const body = bytesOf(CALLER_BODIES[from](PLAIN_SCENARIO));
        const translation = await translate({ from, to, model: recorded.model, body });
        const received = bytesOf(mutate(recorded.answer));
        const labels = { id: '1', model: recorded.model, createdAt: 0, usage: {} };
        const attempt = translation.answer({ ...labels, body: received });
        outcomes[await outcomeOf(attempt, UnreadableAnswerError)] += 1;
      }),
      { numRuns: 500 },
    );
    expect(outcomes.good).toBeGreaterThan(20);
    expect(outcomes.refused).toBeGreaterThan(20);
  },
);
