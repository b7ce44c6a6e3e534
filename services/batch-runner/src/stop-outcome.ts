import type { LineOutcome } from '@understudy/contracts';

/** Why a batch's lines end that would go on by themselves: nobody waits, or would pay, for them. */
export type StopOutcome = 'cancelled' | 'expired' | 'spent';

/** How they are counted. */
export const OUTCOMES = {
  cancelled: 'cancelled',
  expired: 'expired',
  spent: 'cancelled',
} as const satisfies Record<StopOutcome, LineOutcome>;

/** Whether nobody waits any longer for lines that cannot be read; of a spent batch calls go on. */
export function givesUpLines(outcome: StopOutcome | undefined): boolean {
  return outcome === 'cancelled' || outcome === 'expired';
}
