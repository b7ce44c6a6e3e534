/** A delay is up to a fifth shorter or longer, so that what failed together does not come back so. */
const JITTER = 0.2;
/** A receiver is looked at again at least this often while its breaker is open. */
const LONGEST_REST_MS = 900_000;
/** A breaker that rests for no time would be none. */
const SHORTEST_REST_MS = 50;

/** @param random 0 to 1 */
export function withJitter(delayMs: number, random: number): number {
  return Math.round(delayMs * (1 - JITTER + 2 * JITTER * random));
}

/**
 * When a delivery is tried again after `failures` of them.
 * @param retriesMs delays before each try, the first one included
 * @param retryAfterMs what the receiver asked for; at most the longest delay of the schedule counts
 * @returns undefined after the last try
 */
export function nextTryAt(
  failures: number,
  retriesMs: readonly number[],
  now: number,
  random: number,
  retryAfterMs = 0,
): number | undefined {
  const delayMs = retriesMs[failures];
  if (delayMs === undefined) return undefined;
  return now + Math.max(withJitter(delayMs, random), cappedRetryAfter(retryAfterMs, retriesMs));
}

/** Nobody can put a delivery off for longer than its own schedule does. */
export function cappedRetryAfter(retryAfterMs: number, retriesMs: readonly number[]): number {
  return Math.min(retryAfterMs, Math.max(...retriesMs));
}

/**
 * How long an open breaker rests the first time, the second time and so on; the last one stays.
 * Between two probes lies what lies between two tries of a delivery, within bounds.
 */
export function breakerRests(retriesMs: readonly number[], random: () => number): number[] {
  const delays = retriesMs.filter((delayMs) => delayMs > 0);
  const rests = delays.length === 0 ? [SHORTEST_REST_MS] : delays;
  return rests.map((delayMs) =>
    withJitter(Math.min(Math.max(delayMs, SHORTEST_REST_MS), LONGEST_REST_MS), random()),
  );
}

/** How long the tries of a delivery take from first to last, the jitter included. */
export function scheduleSpanMs(retriesMs: readonly number[]): number {
  return Math.round(retriesMs.reduce((sum, delayMs) => sum + delayMs, 0) * (1 + JITTER));
}
