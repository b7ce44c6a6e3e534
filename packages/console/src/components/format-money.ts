/** `$12.30`, `$0.0042`: two digits that say something below a cent. */
export function formatMoney(usd: number): string {
  if (usd === 0) return '$0';
  const digits = usd >= 0.1 ? 2 : Math.min(8, 1 - Math.floor(Math.log10(usd)));
  return `$${usd.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: digits })}`;
}
