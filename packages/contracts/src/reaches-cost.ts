import type { Cost } from './attempt.ts';
import { NANOS_PER_USD } from './nanos-per-usd.ts';

/**
 * Whether calls have cost so many USD, as far as that is known: what is unknown counts nothing. In
 * billionths, as sums of fractions end a little beside the amount.
 */
export function reachesCost(cost: Cost | undefined, most: number | undefined): boolean {
  if (most === undefined || cost === undefined || cost.status === 'unknown') return false;
  return Math.round(cost.amount * NANOS_PER_USD) >= Math.round(most * NANOS_PER_USD);
}
