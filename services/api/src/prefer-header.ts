/** Longer waits would meet the idle timeouts of proxies in between, commonly 60 s. */
const LONGEST_WAIT_SECONDS = 55;

/**
 * Seconds asked for by `Prefer: wait=N` (RFC 7240), capped; 0 when none are. What cannot be read
 * is ignored, as the RFC wants of preferences.
 */
export function preferredWaitSeconds(header: string | string[] | undefined): number {
  const preferences = String(header ?? '').split(',');
  for (const preference of preferences) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;|$)/i.exec(preference) ?? [];
    if (seconds !== undefined) return Math.min(Number(seconds), LONGEST_WAIT_SECONDS);
  }
  return 0;
}
