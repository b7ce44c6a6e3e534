import type { Loss } from '../loss.ts';
import type { NeutralRequest } from '../neutral-request.ts';
import type { ProviderDialectCodec } from '../translator.ts';

/** The part of a cap that thinking may take, so that some is left for the answer. */
const THINKING_PART = 0.8;

/** The smallest thinking budgets that are taken, by the references of Claude and Gemini 2.5. */
export const SMALLEST_CLAUDE_BUDGET = 1024;
export const SMALLEST_GEMINI_BUDGET = 512;

/**
 * The largest thinking budget that a Gemini takes, by Google's table of thinking budgets; undefined
 * for those that count no tokens: from 3 on, Gemini knows levels.
 */
export function largestGeminiBudget(model: string): number | undefined {
  if (!model.includes('gemini-2.5')) return undefined;
  return model.includes('gemini-2.5-pro') ? 32_768 : 24_576;
}

/** Told where there is no budget under the caller's cap. */
export const NO_ROOM_FOR_THINKING: Loss = {
  field: 'reasoning',
  message: 'is not carried: the cap on output tokens leaves no room for thinking',
};

/**
 * The largest thinking budget under the caller's cap. The SDK takes the budget from the model alone
 * and for Claude adds it to the cap; every caller dialect counts thinking into the cap, so the call
 * would cost more than the caller allowed, or have nothing left for the answer.
 * @returns undefined where the cap leaves no room for thinking
 */
export function budgetUnderCap(
  budgetTokens: number,
  capTokens: number,
  smallest: number,
): number | undefined {
  const budget = Math.min(budgetTokens, Math.floor(capTokens * THINKING_PART));
  return budget < smallest ? undefined : budget;
}

/**
 * A codec that encodes without thinking where there is no room for it, so that nothing else is
 * given up for its sake: models that think take no sampling parameters.
 */
export function withoutCrampedThinking(codec: ProviderDialectCodec): ProviderDialectCodec {
  return {
    ...codec,
    async encode(request, model) {
      const encoded = await codec.encode(request, model);
      if (!encoded.losses.includes(NO_ROOM_FOR_THINKING)) return encoded;
      const unthinking = await codec.encode(withoutThinking(request), model);
      return { ...unthinking, losses: [...unthinking.losses, NO_ROOM_FOR_THINKING] };
    },
  };
}

function withoutThinking({ options, extras, losses }: NeutralRequest): NeutralRequest {
  const { reasoning: _reasoning, ...otherOptions } = options;
  const { reasoningBudgetTokens: _budget, ...otherExtras } = extras;
  return { options: otherOptions, extras: otherExtras, losses };
}
