/** Amounts are counted in whole numbers, which add up exactly. */
export const NANOS_PER_USD = 1_000_000_000;

/** For a script: '' where there is no amount. */
export function nanosOrNone(usd: number | undefined): number | '' {
  return usd === undefined ? '' : Math.round(usd * NANOS_PER_USD);
}
