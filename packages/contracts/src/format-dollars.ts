/** `$12.30`, `$0.0042`: two digits that say something below ten cents, and none of a billionth. */
export function formatDollars(usd: number): string {
  if (usd === 0) return '$0';
  const digits = usd >= 0.1 ? 2 : Math.min(9, 1 - Math.floor(Math.log10(usd)));
  return `$${usd.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: digits, useGrouping: false })}`;
}
