import { BrokerError } from '@understudy/contracts';
import { givenDurationMs } from '@understudy/submission';
import type { BrokerOptions } from '../requests/broker-headers.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_MS = 7 * DAY_MS;
/** Of the header, by which a test or a script may ask for less than any vendor does. */
const SHORTEST_MS = 1000;

/**
 * How long a batch may take: what the header Understudy-Expires-In says, else its window. OpenAI
 * takes `24h` alone, Groq up to `7d`; any duration from an hour on is taken here.
 * @throws BrokerError
 */
export function batchLifeMs({ expiresIn }: BrokerOptions, window = '24h'): number {
  if (expiresIn !== undefined) {
    return within(givenDurationMs(expiresIn), SHORTEST_MS, 'Understudy-Expires-In', '1s');
  }
  return within(givenDurationMs(window), HOUR_MS, 'completion_window', '1h');
}

function within(
  lifeMs: number | undefined,
  shortestMs: number,
  param: string,
  shortest: string,
): number {
  if (lifeMs !== undefined && lifeMs >= shortestMs && lifeMs <= LONGEST_MS) return lifeMs;
  throw new BrokerError(
    'invalid_request',
    `${param} must be a duration from "${shortest}" to "7d", such as "24h"`,
    { param },
  );
}

/** The window that a life of this length was asked for by: `24h`, `90m`, `7d`. */
export function windowOf(lifeMs: number): string {
  if (lifeMs % DAY_MS === 0 && lifeMs > DAY_MS) return `${lifeMs / DAY_MS}d`;
  if (lifeMs % HOUR_MS === 0) return `${lifeMs / HOUR_MS}h`;
  return lifeMs % 60_000 === 0 ? `${lifeMs / 60_000}m` : `${lifeMs / 1000}s`;
}
