import { own } from '@understudy/contracts';
import pricesData from './prices.json' with { type: 'json' };

/** US dollars per million tokens. */
export interface TokenRates {
  /** Of input that is neither read from a cache nor written to one. */
  input: number;
  /** Absent for models that answer with vectors. */
  output?: number;
  /** Of input read from a cache; absent where it costs what other input costs. */
  cache_read?: number;
  /** Of input written to a cache for the shortest time on offer; absent as for `cache_read`. */
  cache_write?: number;
}

/** For calls with more input tokens than this, all of whose tokens then cost these rates. */
interface LongContextRates extends TokenRates {
  input_tokens_above: number;
}

export interface ModelPrice extends TokenRates {
  tiers?: LongContextRates[];
  /** Of this entry, where another source than the table's first one had it. */
  as_of?: string;
}

export interface PriceTable {
  /** ISO date. */
  as_of: string;
  sources: { package: string; version: string; as_of: string }[];
  /** Kind or preset → canonical name, or (where it costs otherwise) the name sent → price. */
  prices: Record<string, Record<string, ModelPrice>>;
}

/** Data, written by `pnpm prices:generate`; never edited by hand. */
export const PRICE_TABLE: PriceTable = pricesData;

/** Undefined where the table has no price. A price of the very name that is sent wins. */
export function priceOf(
  vendor: string,
  canonical: string,
  sent: string | undefined,
  table: PriceTable = PRICE_TABLE,
): ModelPrice | undefined {
  const prices = own(table.prices, vendor);
  if (prices === undefined) return undefined;
  return (sent === undefined ? undefined : own(prices, sent)) ?? own(prices, canonical);
}
