import type { Statistics } from '../../api/contract.ts';
import { alignBuckets } from '../../components/charts/fill-buckets.ts';

export interface ErrorSeries {
  /** The rule that matched, or `other` for all that are rare. */
  rule: string;
  count: number;
  /** One for each of the times. */
  values: number[];
}

export const OTHER_RULES = 'other';

/** Errors over time by the rule that matched: the most frequent ones alone, the rest together. */
export function errorSeries(
  { errors, buckets }: Pick<Statistics['providers'][number], 'errors' | 'buckets'>,
  times: readonly number[],
  most = 4,
): ErrorSeries[] {
  const aligned = alignBuckets(buckets, times);
  const ranked = errors
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count || a.rule.localeCompare(b.rule));
  const alone = ranked.length > most ? ranked.slice(0, most - 1) : ranked;
  const rest = new Set(ranked.slice(alone.length).map(({ rule }) => rule));
  const series = alone.map(({ rule, count }) => ({
    rule,
    count,
    values: aligned.map((bucket) => bucket?.errors[rule] ?? 0),
  }));
  if (rest.size === 0) return series;
  const values = aligned.map((bucket) =>
    Object.entries(bucket?.errors ?? {}).reduce(
      (sum, [rule, count]) => sum + (rest.has(rule) ? count : 0),
      0,
    ),
  );
  const count = ranked.slice(alone.length).reduce((sum, error) => sum + error.count, 0);
  return [...series, { rule: OTHER_RULES, count, values }];
}
