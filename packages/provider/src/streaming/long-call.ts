import type { Surface, SurfaceNeeds } from '../provider-kind.ts';

/** What Anthropic allows a call that is answered at once, and reckons a token to take. */
const LONGEST_CALL_S = 600;
const SECONDS_PER_TOKEN = 3600 / 128_000;
/** Of anything longer a timer of Node makes one millisecond. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Whether a Messages call may take longer than Anthropic answers at once (10 minutes), so that it
 * has to be streamed: the reckoning by which the official client refuses such calls
 * (@anthropic-ai/sdk 1.12.0, `calculateNonstreamingTimeout`).
 */
export function isLongCall({ maxOutputTokens = 0 }: SurfaceNeeds = {}): boolean {
  return reckonedSeconds(maxOutputTokens) > LONGEST_CALL_S;
}

/**
 * How long a call may take where no setting says it: ten minutes or, where it is streamed for its
 * length, as long as its token limit is reckoned to take. Cut before, a healthy stream would be paid
 * for and could never end.
 * @returns milliseconds that a timer can count
 */
export function usualTimeoutMs(
  { streamed }: Pick<Surface, 'streamed'>,
  { maxOutputTokens = 0 }: SurfaceNeeds,
): number {
  const reckoned = streamed === undefined ? 0 : reckonedSeconds(maxOutputTokens);
  return Math.min(Math.ceil(Math.max(LONGEST_CALL_S, reckoned) * 1000), LONGEST_TIMER_MS);
}

function reckonedSeconds(tokens: number): number {
  return tokens * SECONDS_PER_TOKEN;
}
