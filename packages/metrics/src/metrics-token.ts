import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether a presented token is the right one; takes as long for a near miss as for any other. */
export function isMetricsToken(presented: string | undefined, token: string | undefined): boolean {
  if (presented === undefined || token === undefined) return false;
  return timingSafeEqual(digest(presented), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
