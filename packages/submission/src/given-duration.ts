import { isDuration, parseDuration } from '@understudy/configuration';

/**
 * A duration as callers give it: seconds, or a text such as `10m`.
 * @returns whole milliseconds; undefined for a text that is no duration
 */
export function givenDurationMs(given: string | number): number | undefined {
  if (typeof given === 'number') return Math.round(given * 1000);
  return isDuration(given) ? parseDuration(given) : undefined;
}
