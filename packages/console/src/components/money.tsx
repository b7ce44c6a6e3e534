import { formatMoney } from './format-money.ts';

/** US dollars, as the broker's price table counts them. */
export function Money({ usd }: { usd: number | undefined }) {
  if (usd === undefined) return <span class="muted">–</span>;
  return (
    <span class="number" title={`${usd} USD`}>
      {formatMoney(usd)}
    </span>
  );
}
