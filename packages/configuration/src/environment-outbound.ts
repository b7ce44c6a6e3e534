import { allowEntryProblem, isAllowEntry } from './allow-entry.ts';
import type { Environment } from './interpolate.ts';

/** Entries of `outbound.allow`, separated by commas, for when the file has no such member. */
export const OUTBOUND_VARIABLE = 'UNDERSTUDY_OUTBOUND_ALLOW';

/** What the environment permits, and every entry of it that cannot be read. */
export function environmentOutbound(environment: Environment): {
  value: { allow: string[] };
  problems: string[];
} {
  const allow = (environment[OUTBOUND_VARIABLE] ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const problems = allow
    .filter((entry) => !isAllowEntry(entry))
    .map((entry) => `${OUTBOUND_VARIABLE}: ${allowEntryProblem(entry)}`);
  return { value: { allow }, problems };
}
