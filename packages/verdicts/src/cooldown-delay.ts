/** No target is tried again sooner than this, whatever the answer says. */
const SHORTEST_MS = 100;

/**
 * Up to so many failures in a row a stated delay is kept. Where calls succeed and fail by turns, as at
 * a limit on requests, no more come together: each success halves the count.
 */
const TAKEN_AT_ITS_WORD = 2;

export interface CooldownDelay {
  /** The delay the provider asked for. */
  retryAfterMs?: number;
  /** Longest first delay where none is stated. */
  baseMs: number;
  /** Consecutive failures, this one included; at least 1. */
  failures: number;
  /** Never longer than this, stated or not. */
  maxMs: number;
  /** 0 inclusive to 1 exclusive. */
  random: () => number;
}

/**
 * How long a target cools, in milliseconds. A stated delay is kept, until failures in a row show that
 * it does not suffice: then it is the least. Otherwise the ceiling doubles with each failure and the
 * delay is drawn evenly below it, so that workers that failed together do not return together; a tenth
 * of the ceiling is the floor, so that no draw makes a long cool-down pointless.
 */
export function cooldownDelayMs(options: CooldownDelay): number {
  const { retryAfterMs, baseMs, failures, maxMs, random } = options;
  const withinLimits = (delayMs: number) =>
    Math.round(Math.min(maxMs, Math.max(SHORTEST_MS, delayMs)));
  if (retryAfterMs !== undefined && failures <= TAKEN_AT_ITS_WORD)
    return withinLimits(retryAfterMs);
  const ceilingMs = Math.min(maxMs, baseMs * 2 ** (Math.max(1, failures) - 1));
  const floorMs = ceilingMs / 10;
  const drawnMs = floorMs + random() * (ceilingMs - floorMs);
  return withinLimits(Math.max(retryAfterMs ?? 0, drawnMs));
}
