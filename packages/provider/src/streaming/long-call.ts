import type { SurfaceNeeds } from '../provider-kind.ts';

/** What Anthropic allows a call that is answered at once, and reckons a token to take. */
const LONGEST_CALL_S = 600;
const SECONDS_PER_TOKEN = 3600 / 128_000;

/**
 * Whether a Messages call may take longer than Anthropic answers at once (10 minutes), so that it
 * has to be streamed: the reckoning by which the official client refuses such calls
 * (@anthropic-ai/sdk 1.12.0, `calculateNonstreamingTimeout`).
 */
export function isLongCall({ maxOutputTokens = 0 }: SurfaceNeeds = {}): boolean {
  return maxOutputTokens * SECONDS_PER_TOKEN > LONGEST_CALL_S;
}
