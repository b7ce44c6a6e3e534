import type { Cost, Usage } from '@understudy/contracts';

/** Reason; or amount, date of the prices, and 1 where the amount is partial. */
type DenseCost = string | [amount: number, pricesAsOf: string, partial?: 1];

export function denseCost(cost: Cost): DenseCost {
  if (cost.status === 'unknown') return cost.reason;
  const { amount, prices_as_of: pricesAsOf } = cost;
  return cost.status === 'partial' ? [amount, pricesAsOf, 1] : [amount, pricesAsOf];
}

/** Reads what `denseCost` made; anything else is handed on for the schema to judge. */
export function fullCost(kept: unknown): unknown {
  if (typeof kept === 'string') return { status: 'unknown', reason: kept };
  if (!Array.isArray(kept)) return kept;
  const [amount, pricesAsOf, partial]: unknown[] = kept;
  return {
    status: partial === 1 ? 'partial' : 'known',
    amount,
    currency: 'USD',
    prices_as_of: pricesAsOf,
  };
}

/** The order in which a dense text holds the counts; a new one goes to the end. */
const COUNTS = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
] as const satisfies readonly (keyof Usage)[];

export function denseUsage(usage: Usage): (number | null)[] {
  return COUNTS.map((count) => usage[count] ?? null);
}

/** Reads what `denseUsage` made; anything else is handed on for the schema to judge. */
export function fullUsage(kept: unknown): unknown {
  if (!Array.isArray(kept)) return kept;
  const usage: Record<string, unknown> = {};
  for (const [index, name] of COUNTS.entries()) {
    const count: unknown = kept[index];
    if (typeof count === 'number') usage[name] = count;
  }
  return usage;
}
