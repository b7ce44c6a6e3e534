import type { Loss } from '../loss.ts';
import type { RequestExtras } from '../neutral-request.ts';

export type ExtraName = keyof RequestExtras;

/** Values that ask for what happens anyway where nobody asks. */
const NOTHING_ASKED: Readonly<Partial<Record<ExtraName, readonly unknown[]>>> = {
  parallelToolCalls: [true],
  store: [false],
  serviceTier: ['auto', 'default'],
  verbosity: ['medium'],
  strictJsonSchema: [false],
};

/** Those of the caller's extras that are not among the carried ones, and ask for something. */
export function extraLosses(extras: RequestExtras, carried: readonly ExtraName[]): Loss[] {
  return EXTRA_NAMES.filter((name) => {
    const extra = extras[name];
    return (
      extra !== undefined &&
      !carried.includes(name) &&
      NOTHING_ASKED[name]?.includes(extra.value) !== true
    );
  }).map((name) => ({ field: name, message: MESSAGES[name] ?? NO_MEMBER }));
}

const NO_MEMBER = 'is not carried: the other dialect or model has no such member';

const MESSAGES: Readonly<Partial<Record<ExtraName, string>>> = {
  reasoningBudgetTokens: 'is not carried as a number of tokens; an effort stands for it',
  store: 'is not carried: the answer is stored here, and not at the vendor',
};

/** Every name, checked by the compiler to be none too few. */
const EVERY_EXTRA = {
  parallelToolCalls: true,
  user: true,
  safetyIdentifier: true,
  verbosity: true,
  serviceTier: true,
  metadata: true,
  store: true,
  promptCacheKey: true,
  topLogprobs: true,
  logitBias: true,
  reasoningBudgetTokens: true,
  reasoningSummary: true,
  strictJsonSchema: true,
} satisfies Record<ExtraName, true>;

const EXTRA_NAMES = Object.keys(EVERY_EXTRA).filter(isExtraName);

function isExtraName(name: string): name is ExtraName {
  return Object.hasOwn(EVERY_EXTRA, name);
}
