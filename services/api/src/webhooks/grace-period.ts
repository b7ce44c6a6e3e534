import { BrokerError } from '@understudy/contracts';
import { givenDurationMs } from '@understudy/submission';

const DEFAULT_GRACE_MS = 86_400_000;
const LONGEST_GRACE_MS = 30 * 86_400_000;

/**
 * How long the keys before a rotation go on signing, in milliseconds; a day unless told.
 * @param given seconds, or a duration such as `24h`
 * @throws BrokerError for what is no duration, or above 30 days
 */
export function gracePeriodMs(given: string | number | undefined): number {
  if (given === undefined) return DEFAULT_GRACE_MS;
  const graceMs = givenDurationMs(given);
  if (graceMs !== undefined && graceMs <= LONGEST_GRACE_MS) return graceMs;
  throw new BrokerError(
    'invalid_request',
    'grace_period must be seconds, or a duration such as "0s", "12h" or "7d", up to 30 d',
    { param: 'grace_period' },
  );
}
