import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelFacts } from '../packages/models/src/index.ts';
import type { ModelPrice, PriceTable } from '../packages/models/src/prices/price-table.ts';
import { type NameTable, readKnownNames } from './name-tables.ts';
import {
  GENAI_PRICES,
  genaiPricesSource,
  PI_AI,
  piAiSource,
  type PriceSource,
  type SourceList,
  unpack,
} from './price-sources.ts';

const PRICES_FILE = new URL('../packages/models/src/prices/prices.json', import.meta.url);

/** Kind or preset → its lists. What runs on an operator's own machines has no list price. */
const LISTS: Readonly<Record<string, SourceList>> = {
  anthropic: { piAi: 'anthropic', genaiPrices: 'anthropic' },
  azure: { piAi: 'azure', genaiPrices: 'azure' },
  bedrock: { piAi: 'amazon-bedrock', genaiPrices: 'aws' },
  deepseek: { piAi: 'deepseek', genaiPrices: 'deepseek' },
  fireworks: { piAi: 'fireworks', genaiPrices: 'fireworks' },
  gemini: { piAi: 'google', genaiPrices: 'google' },
  groq: { piAi: 'groq', genaiPrices: 'groq' },
  huggingface: { piAi: 'huggingface', genaiPrices: 'huggingface' },
  mistral: { piAi: 'mistral', genaiPrices: 'mistral' },
  openai: { piAi: 'openai', genaiPrices: 'openai' },
  openrouter: { piAi: 'openrouter', genaiPrices: 'openrouter' },
  together: { piAi: 'together', genaiPrices: 'together' },
  vertex: { piAi: 'google-vertex', genaiPrices: 'google' },
  xai: { piAi: 'xai', genaiPrices: 'x-ai' },
};

/** What genai-prices copied from OpenRouter's list to Azure's: prices that Azure does not ask. */
const MISTAKEN: readonly string[] = ['azure gpt-oss-120b', 'azure deepseek-v3.2'];

function priceTable(tables: readonly NameTable[], sources: readonly PriceSource[]): PriceTable {
  const [first] = sources;
  if (first === undefined) throw new Error('There is no source of prices');
  const prices: PriceTable['prices'] = {};
  for (const { provider, models } of [...tables].toSorted(defaultsFirst)) {
    const list = LISTS[provider];
    if (list === undefined) continue;
    const listed = (prices[provider] ??= {});
    for (const [canonical, id] of Object.entries(models)) {
      const price = firstPrice(sources, list, id, canonical, provider);
      if (price === undefined) continue;
      const usual = (listed[canonical] ??= price);
      if (JSON.stringify(usual) !== JSON.stringify(price)) listed[id] = price;
    }
  }
  return { as_of: first.as_of, sources: sources.map(sourceOf), prices };
}

/** The price of a model is that of the name sent by default; others stand beside it. */
function defaultsFirst(one: NameTable, other: NameTable): number {
  return rankOf(one) - rankOf(other) || one.provider.localeCompare(other.provider);
}

function rankOf({ source }: NameTable): number {
  return source.endsWith(' modelNames') ? 0 : 1;
}

function firstPrice(
  sources: readonly PriceSource[],
  list: SourceList,
  id: string,
  canonical: string,
  provider: string,
): ModelPrice | undefined {
  for (const [index, source] of sources.entries()) {
    const price = source.priceOf(list, id, canonical);
    if (price === undefined) continue;
    if (index > 0 && MISTAKEN.includes(`${provider} ${canonical}`)) continue;
    const { output, ...vectors } = price;
    const isEmbedding = modelFacts(canonical)?.task === 'embedding';
    const rates = isEmbedding || output === undefined ? vectors : price;
    return index === 0 ? rates : { ...rates, as_of: source.as_of };
  }
  return undefined;
}

function sourceOf({ package: name, version, as_of }: PriceSource): PriceTable['sources'][number] {
  return { package: name, version, as_of };
}

/** In a fixed order, so that a change of prices reads as one; the formatter does the rest. */
function written({ prices, ...head }: PriceTable): string {
  const sorted = sortedByName(prices, (listed) => sortedByName(listed, (price) => price));
  return JSON.stringify({ ...head, prices: sorted });
}

function sortedByName<Value, Kept>(
  record: Readonly<Record<string, Value>>,
  keep: (value: Value) => Kept,
): Record<string, Kept> {
  const entries = Object.entries(record).toSorted(([one], [other]) => one.localeCompare(other));
  return Object.fromEntries(entries.map(([name, value]) => [name, keep(value)]));
}

const folder = mkdtempSync(join(tmpdir(), 'understudy-prices-'));
try {
  const sources = [
    piAiSource(unpack(PI_AI, folder)),
    await genaiPricesSource(unpack(GENAI_PRICES, folder)),
  ];
  const { tables } = await readKnownNames();
  const table = priceTable(tables, sources);
  writeFileSync(PRICES_FILE, written(table));
  for (const [provider, prices] of Object.entries(table.prices)) {
    process.stdout.write(`${provider}: ${Object.keys(prices).length} prices\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
