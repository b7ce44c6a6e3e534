/** No target is tried again sooner than this, whatever the answer says. */
const SHORTEST_MS = 100;

/**
 * Up to so many failures in a row a stated delay is kept. Where calls succeed and fail by turns, as at
 * a limit on requests, no more come together.
 */
const TAKEN_AT_ITS_WORD = 2;

export interface CooldownDelay {
  /** The delay the provider asked for. */
  retryAfterMs?: number;
  /** Longest first delay where none is stated. */
  baseMs: number;
  /** One for each failure, half of them after a success, this one included; at least 1. */
  failures: number;
  /** Failures since a call last succeeded, this one included; at least 1. */
  streak: number;
  /** Never longer than this, stated or not. */
  maxMs: number;
  /** 0 inclusive to 1 exclusive. */
  random: () => number;
}

/**
 * How long a target cools, in milliseconds. A stated delay is kept, until failures in a row show that
 * it does not suffice: then it is the least, and what came before the last success does not lengthen
 * it. The ceiling doubles with each failure and the delay is drawn evenly below it, so that workers
 * that failed together do not return together; a tenth of the ceiling is the floor, so that no draw
 * makes a long cool-down pointless.
 */
export function cooldownDelayMs(options: CooldownDelay): number {
  const { retryAfterMs, baseMs, failures, streak, maxMs, random } = options;
  const withinLimits = (delayMs: number) =>
    Math.round(Math.min(maxMs, Math.max(SHORTEST_MS, delayMs)));
  if (retryAfterMs !== undefined && streak <= TAKEN_AT_ITS_WORD) return withinLimits(retryAfterMs);
  const counted = retryAfterMs === undefined ? failures : streak;
  const ceilingMs = Math.min(maxMs, baseMs * 2 ** (Math.max(1, counted) - 1));
  const floorMs = ceilingMs / 10;
  const drawnMs = floorMs + random() * (ceilingMs - floorMs);
  return withinLimits(Math.max(retryAfterMs ?? 0, drawnMs));
}
