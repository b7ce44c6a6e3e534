import { expect, test } from 'vitest';
import { canonicalName } from '../canonical-name.ts';
import { addCosts, costOf } from './cost-of.ts';
import { PRICE_TABLE, priceOf } from './price-table.ts';

const MILLION = 1_000_000;
const asOf = PRICE_TABLE.as_of;

function known(amount: number, prices_as_of = asOf) {
  return { status: 'known', amount, currency: 'USD', prices_as_of };
}

// The expected amounts are worked out from the vendors' list prices of November 2026.
test('a call costs its fresh input, its cached input and its output, each at its price', () => {
  const usage = {
    input_tokens: 1000,
    cache_read_tokens: 600,
    cache_write_tokens: 200,
    output_tokens: 100,
    reasoning_tokens: 40,
  };
  // Opus 4.6: $5 fresh, $0.50 read, $6.25 written, $25 out; reasoning is part of the output.
  const expected = (200 * 5 + 600 * 0.5 + 200 * 6.25 + 100 * 25) / MILLION;
  expect(costOf('anthropic', 'claude-opus-4-6', usage)).toEqual(known(expected));
});

test('a long context costs the higher rates for all of its tokens', () => {
  const short = { input_tokens: 272_000, output_tokens: 1000 };
  const long = { input_tokens: 272_001, output_tokens: 1000 };
  expect(costOf('openai', 'gpt-5.5', short)).toEqual(known((272_000 * 5 + 1000 * 30) / MILLION));
  expect(costOf('openai', 'gpt-5.5', long)).toEqual(known((272_001 * 10 + 1000 * 45) / MILLION));
});

test('cached input without a price of its own costs what other input costs', () => {
  const usage = { input_tokens: 1000, cache_read_tokens: 500, output_tokens: 0 };
  const price = priceOf('groq', 'llama-3.3-70b-instruct', undefined);
  expect(price).not.toHaveProperty('cache_read');
  expect(costOf('groq', 'llama-3.3-70b-instruct', usage)).toEqual(
    known((1000 * (price?.input ?? 0)) / MILLION),
  );
});

test('a region that asks more is priced by the name that was sent', () => {
  const usage = { input_tokens: MILLION, output_tokens: 0 };
  const plain = costOf('bedrock', 'claude-sonnet-4-5', usage);
  const europe = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
  expect(plain).toEqual(known(3));
  expect(costOf('bedrock', 'claude-sonnet-4-5', usage, europe)).toEqual(known(3.3));
  expect(costOf('bedrock', 'claude-sonnet-4-5', usage, 'a-profile')).toEqual(plain);
});

test('embeddings have no output to pay for', () => {
  expect(costOf('openai', 'text-embedding-3-small', { input_tokens: MILLION })).toEqual(
    known(0.02, '2026-09-23'),
  );
});

test('a price that nobody knows is said to be unknown', () => {
  const usage = { input_tokens: 1, output_tokens: 1 };
  expect(costOf('ollama', 'gpt-oss-20b', usage)).toEqual({
    status: 'unknown',
    reason: 'no price is known of gpt-oss-20b at ollama',
  });
  expect(costOf('openai', 'ft:gpt-4o:ours', usage).status).toBe('unknown');
  expect(costOf('openai', 'constructor', usage).status).toBe('unknown');
  expect(costOf('constructor', 'gpt-5.5', usage).status).toBe('unknown');
});

test('without a count of tokens there is no cost, and with one of two it is the least', () => {
  expect(costOf('openai', 'gpt-5.5', {})).toEqual({
    status: 'unknown',
    reason: 'the answer does not say how many tokens it used',
  });
  expect(costOf('openai', 'gpt-5.5', { input_tokens: MILLION / 10 })).toEqual({
    ...known(0.5),
    status: 'partial',
  });
});

test('the calls of a job are added up, without binary noise', () => {
  const calls = [0.1, 0.2].map((amount) => ({
    status: 'known' as const,
    amount,
    currency: 'USD' as const,
    prices_as_of: asOf,
  }));
  expect(addCosts(calls)).toEqual(known(0.3));
  expect(addCosts([])).toBeUndefined();
});

test('a sum with an unknown part is partial, and as old as its oldest price', () => {
  const unknown = { status: 'unknown' as const, reason: 'no price' };
  const fresh = costOf('anthropic', 'claude-opus-4-6', { input_tokens: 1, output_tokens: 0 });
  const older = costOf('anthropic', 'claude-opus-4-1', { input_tokens: 1, output_tokens: 0 });
  expect(addCosts([fresh, unknown])).toMatchObject({ status: 'partial', amount: 5 / MILLION });
  expect(addCosts([fresh, older])).toEqual(known(20 / MILLION, '2026-09-23'));
  expect(addCosts([unknown, unknown])).toEqual(unknown);
});

test('the table prices models of the catalog, and at Bedrock single ids, plausibly', () => {
  const lists = Object.entries(PRICE_TABLE.prices);
  const entries = lists.flatMap(([vendor, list]) =>
    Object.entries(list).map(([name, price]) => ({ vendor, name, price })),
  );
  expect(entries.length).toBeGreaterThan(450);
  const strange = entries.filter(({ price }) => {
    const { input, output = 0, cache_read: read = 0, cache_write: write = 0 } = price;
    return read > input || [input, output, read, write].some((rate) => rate < 0 || rate > 1000);
  });
  expect(strange).toEqual([]);
  const byId = entries.filter(({ name }) => canonicalName(name) !== name);
  expect(new Set(byId.map(({ vendor }) => vendor))).toEqual(new Set(['bedrock']));
});
