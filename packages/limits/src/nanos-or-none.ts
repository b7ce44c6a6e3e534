import { NANOS_PER_USD } from '@understudy/contracts';

/** For a script: '' where there is no amount. */
export function nanosOrNone(usd: number | undefined): number | '' {
  return usd === undefined ? '' : Math.round(usd * NANOS_PER_USD);
}
