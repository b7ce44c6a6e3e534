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

/** Whether the caller would rather have the job than wait for its end: `Prefer: respond-async`. */
export function prefersAsync(header: string | string[] | undefined): boolean {
  const preferences = String(header ?? '').split(',');
  return preferences.some((preference) => /^\s*respond-async\s*(?:;|$)/i.test(preference));
}
