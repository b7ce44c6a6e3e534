import type { Cost, Usage } from '@understudy/contracts';
import { modelFacts } from '../model-facts.ts';
import { type ModelPrice, PRICE_TABLE, priceOf, type TokenRates } from './price-table.ts';

const TOKENS_PER_PRICE = 1_000_000;
/** Of a dollar: far below the smallest price of one token. */
const SMALLEST_PART = 1e12;

/**
 * What one call cost by the price table. List prices of the plain call: discounts for batches,
 * service tiers, longer cache times, images and sound at other rates, and server-side tools are
 * not in it. `partial` when a count that has a price is missing from the usage.
 * @param vendor the preset, or the kind, of the provider
 * @param canonical our name of the model where there is one, else the provider's
 * @param usage input includes cache, output includes reasoning
 * @param sent the provider's name as sent, which some providers price apart (a region's prefix)
 */
export function costOf(vendor: string, canonical: string, usage: Usage, sent?: string): Cost {
  const { input_tokens: input, output_tokens: output } = usage;
  if (input === undefined && output === undefined) {
    return { status: 'unknown', reason: 'the answer does not say how many tokens it used' };
  }
  const price = priceOf(vendor, canonical, sent);
  if (price === undefined) {
    return { status: 'unknown', reason: `no price is known of ${canonical} at ${vendor}` };
  }
  const rates = ratesFor(price, input ?? 0);
  const wantsOutput = modelFacts(canonical)?.task !== 'embedding' && rates.output !== undefined;
  const isWhole = input !== undefined && (output !== undefined || !wantsOutput);
  return {
    status: isWhole ? 'known' : 'partial',
    amount: rounded(dollars(rates, usage)),
    currency: 'USD',
    prices_as_of: price.as_of ?? PRICE_TABLE.as_of,
  };
}

/**
 * What the calls of one job cost together. `partial` when any of them is unknown or partial, as
 * the sum is then the least it can be. Its date is the oldest of the prices in it.
 * @returns undefined for no calls
 */
export function addCosts(costs: readonly Cost[]): Cost | undefined {
  const priced = costs.filter((cost) => cost.status !== 'unknown');
  if (priced.length === 0) return costs[0];
  return {
    status: costs.every(({ status }) => status === 'known') ? 'known' : 'partial',
    amount: rounded(priced.reduce((sum, { amount }) => sum + amount, 0)),
    currency: 'USD',
    prices_as_of: priced.map((cost) => cost.prices_as_of).toSorted()[0] ?? PRICE_TABLE.as_of,
  };
}

/** The rates of the highest tier that the input exceeds; they hold for the whole call. */
function ratesFor(price: ModelPrice, inputTokens: number): TokenRates {
  const exceeded = (price.tiers ?? [])
    .filter((tier) => inputTokens > tier.input_tokens_above)
    .toSorted((one, other) => other.input_tokens_above - one.input_tokens_above);
  return exceeded[0] ?? price;
}

function dollars(rates: TokenRates, usage: Usage): number {
  const { input_tokens: input = 0, cache_read_tokens: read = 0 } = usage;
  const { cache_write_tokens: written = 0, output_tokens: output = 0 } = usage;
  const fresh = Math.max(0, input - read - written);
  const sum =
    fresh * rates.input +
    read * (rates.cache_read ?? rates.input) +
    written * (rates.cache_write ?? rates.input) +
    output * (rates.output ?? 0);
  return sum / TOKENS_PER_PRICE;
}

/** Without the noise of binary fractions. */
function rounded(amount: number): number {
  return Math.round(amount * SMALLEST_PART) / SMALLEST_PART;
}
