/** No target is tried again sooner than this, whatever the answer says. */
const SHORTEST_MS = 100;

/**
 * Up to so many failures in a row a stated delay is kept. Where calls succeed and fail by turns, as at
 * a limit on requests, no more come together.
 */
const TAKEN_AT_ITS_WORD = 2;
/**
 * From then on each is up to so many times the one before: about a fifth of the time that has passed, so
 * that hours cost dozens of calls, and the end of an outage is still noticed soon.
 */
const GROWTH = 1.25;

export interface CooldownDelay {
  /** The delay the provider asked for. */
  retryAfterMs?: number;
  /** Longest first delay where none is stated. */
  baseMs: number;
  /** One for each failure, half of them after a success, this one included; at least 1. */
  failures: number;
  /** Failures since a call last succeeded, this one included; at least 1. */
  streak: number;
  /** How long the target cooled before this failure of the streak; 0 at the first. */
  restBeforeMs: number;
  /** Never longer than this, stated or not. */
  maxMs: number;
  /** 0 inclusive to 1 exclusive. */
  random: () => number;
}

/**
 * How long a target cools, in milliseconds. A stated delay is kept, until failures in a row show that
 * it does not suffice: then it grows slowly, and what came before the last success does not lengthen
 * it. Nor does one answer among them that states far more than the others, or nothing: what grows is
 * the delay stated now, and no further than from the rest before. Where none is stated the ceiling
 * doubles with each failure and the delay is drawn evenly below it, so that workers that failed
 * together do not return together; a tenth of the ceiling is the floor, so that no draw makes a long
 * cool-down pointless.
 */
export function cooldownDelayMs(options: CooldownDelay): number {
  const { retryAfterMs, baseMs, failures, streak, restBeforeMs, maxMs, random } = options;
  const withinLimits = (delayMs: number) =>
    Math.round(Math.min(maxMs, Math.max(SHORTEST_MS, delayMs)));
  if (retryAfterMs !== undefined) {
    const statedMs = withinLimits(retryAfterMs);
    if (streak <= TAKEN_AT_ITS_WORD) return statedMs;
    const grownMs = statedMs * GROWTH ** (streak - TAKEN_AT_ITS_WORD);
    return withinLimits(Math.max(statedMs, Math.min(grownMs, restBeforeMs * GROWTH)));
  }
  const ceilingMs = Math.min(maxMs, baseMs * 2 ** (Math.max(1, failures) - 1));
  const floorMs = ceilingMs / 10;
  return withinLimits(floorMs + random() * (ceilingMs - floorMs));
}
