import type { Style } from './output.ts';

/** A name and what is to be said of it; left out where there is nothing to say. */
export type Fact = readonly [name: string, value: string | undefined];

/** Names in one column, values in the next. */
export function formatFacts(facts: readonly Fact[], { colours }: Style): string {
  const known = facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  const width = Math.max(0, ...known.map(({ name }) => name.length));
  return known
    .map(({ name, value }) => `  ${colours.dim(name.padEnd(width))}  ${value}\n`)
    .join('');
}
