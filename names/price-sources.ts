import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { ModelPrice } from '../packages/models/src/prices/price-table.ts';

/** A published catalogue of prices. */
export interface PriceSource {
  package: string;
  version: string;
  as_of: string;
  /** The price of a provider's name, as that provider lists it. */
  priceOf(list: SourceList, id: string, canonical: string): ModelPrice | undefined;
}

/** The names under which the sources keep one provider's prices. */
export interface SourceList {
  piAi: string;
  genaiPrices: string;
}

export const PI_AI = { package: '@earendil-works/pi-ai', version: '1.5.2' } as const;
/** The day of its release: the package itself bears none. */
export const GENAI_PRICES = {
  package: '@pydantic/genai-prices',
  version: '0.1.8',
  as_of: '2026-09-23',
} as const;

const piRates = { input: z.number(), output: z.number() };
const piCache = { cacheRead: z.number().default(0), cacheWrite: z.number().default(0) };
const piCostSchema = z.object({
  ...piRates,
  ...piCache,
  tiers: z.array(z.object({ ...piRates, ...piCache, inputTokensAbove: z.number() })).default([]),
});
const piModelSchema = z.object({
  id: z.string(),
  type: z.string().optional(),
  cost: piCostSchema,
});
type PiCost = z.infer<typeof piCostSchema>;

/** Unpacks a package of the npm registry below `folder`, without installing what it depends on. */
export function unpack(
  { package: name, version }: { package: string; version: string },
  folder: string,
): string {
  const options = { cwd: folder, encoding: 'utf8' } as const;
  const [packed] = z
    .array(z.object({ filename: z.string() }))
    .parse(JSON.parse(execFileSync('npm', ['pack', '--json', `${name}@${version}`], options)));
  if (packed === undefined) throw new Error(`npm pack gave no file for ${name}@${version}`);
  const target = mkdtempSync(join(folder, 'package-'));
  execFileSync('tar', ['xzf', packed.filename, '-C', target], options);
  return join(target, 'package');
}

export function piAiSource(folder: string): PriceSource {
  const data = join(folder, 'dist/providers/data');
  const manifest: unknown = JSON.parse(readFileSync(join(data, '.manifest.json'), 'utf8'));
  const { generatedAt } = z.object({ generatedAt: z.string() }).parse(manifest);
  const lists = new Map<string, Map<string, PiCost>>();
  for (const file of readdirSync(data).filter((name) => /^[\w-]+\.json$/u.test(name))) {
    lists.set(file.replace('.json', ''), piCosts(readFileSync(join(data, file), 'utf8')));
  }
  return {
    ...PI_AI,
    as_of: generatedAt.slice(0, 10),
    priceOf({ piAi }, id) {
      const cost = lists.get(piAi)?.get(id);
      return cost === undefined ? undefined : piPrice(cost);
    },
  };
}

function piCosts(text: string): Map<string, PiCost> {
  const apis = z.record(z.string(), z.record(z.string(), z.unknown())).parse(JSON.parse(text));
  const models = Object.values(apis).flatMap((byKey) => Object.values(byKey));
  const costs = new Map<string, PiCost>();
  for (const model of models) {
    const { success, data } = piModelSchema.safeParse(model);
    if (success && data.type !== 'classifier') costs.set(data.id, data.cost);
  }
  return costs;
}

function piPrice({ tiers, ...base }: PiCost): ModelPrice {
  const long = tiers.map((tier) => ({
    input_tokens_above: tier.inputTokensAbove,
    ...piTokenRates(tier),
  }));
  return { ...piTokenRates(base), ...(long.length > 0 && { tiers: long }) };
}

// Zero means that the vendor has no price of its own for it.
function piTokenRates(cost: Omit<PiCost, 'tiers'>): ModelPrice {
  const { input, output, cacheRead, cacheWrite } = cost;
  return {
    input,
    output,
    ...(cacheRead > 0 && { cache_read: cacheRead }),
    ...(cacheWrite > 0 && { cache_write: cacheWrite }),
  };
}

const tieredSchema = z.object({
  base: z.number(),
  tiers: z.array(z.object({ start: z.number(), price: z.number() })),
});
const rateSchema = z.union([z.number(), tieredSchema]).optional();
const genaiResultSchema = z.object({
  provider: z.object({ id: z.string() }),
  model: z.object({ id: z.string(), match: z.unknown() }),
  model_price: z.object({
    input_mtok: rateSchema,
    output_mtok: rateSchema,
    cache_read_mtok: rateSchema,
    cache_write_mtok: rateSchema,
  }),
});
type GenaiResult = z.infer<typeof genaiResultSchema>;
type GenaiRate = z.infer<typeof rateSchema>;

const genaiModuleSchema = z.object({
  calcPrice: z.custom<
    (usage: object, model: string, options: { providerId: string; timestamp: Date }) => unknown
  >((value) => typeof value === 'function'),
});

export async function genaiPricesSource(folder: string): Promise<PriceSource> {
  const module: unknown = await import(pathToFileURL(join(folder, 'dist/index.js')).href);
  const { calcPrice } = genaiModuleSchema.parse(module);
  return {
    ...GENAI_PRICES,
    priceOf({ genaiPrices: providerId }, id, canonical) {
      const timestamp = new Date(`${GENAI_PRICES.as_of}T00:00:00Z`);
      const { data } = genaiResultSchema.safeParse(
        calcPrice({ input_tokens: 1 }, id, { providerId, timestamp }),
      );
      if (data === undefined || data.provider.id !== providerId) return undefined;
      return namesExactly(data, id, canonical) ? genaiPrice(data) : undefined;
    },
  };
}

// It also matches by fragments, which gives a new model the price of an older one.
function namesExactly({ model }: GenaiResult, id: string, canonical: string): boolean {
  const exact = [{ equals: id }, { equals: canonical }].map((match) => JSON.stringify(match));
  const match = JSON.stringify(model.match) ?? '';
  return model.id === canonical || exact.some((text) => match.includes(text));
}

function genaiPrice({ model_price: price }: GenaiResult): ModelPrice | undefined {
  const rates = {
    input: price.input_mtok,
    output: price.output_mtok,
    cache_read: price.cache_read_mtok,
    cache_write: price.cache_write_mtok,
  };
  const base = ratesAt(rates, undefined);
  if (base === undefined) return undefined;
  const starts = Object.values(rates).flatMap((rate) =>
    typeof rate === 'object' ? rate.tiers.map(({ start }) => start) : [],
  );
  const tiers = [...new Set(starts)].flatMap((start) => {
    const above = ratesAt(rates, start);
    return above === undefined ? [] : [{ input_tokens_above: start, ...above }];
  });
  return { ...base, ...(tiers.length > 0 && { tiers }) };
}

function ratesAt(rates: Record<string, GenaiRate>, start: number | undefined) {
  const at = (name: string): number | undefined => {
    const rate = rates[name];
    if (typeof rate !== 'object') return rate;
    return rate.tiers.find((tier) => tier.start === start)?.price ?? rate.base;
  };
  const [input, output] = [at('input'), at('output')];
  const [read, write] = [at('cache_read'), at('cache_write')];
  if (input === undefined) return undefined;
  return {
    input,
    ...(output !== undefined && { output }),
    ...(read !== undefined && { cache_read: read }),
    ...(write !== undefined && { cache_write: write }),
  };
}
