/** What came of one try. */
export type TryResult =
  | { kind: 'answer'; status: number; headers: Readonly<Record<string, string>> }
  /** No answer, or the request was not made: timeout, connection error, refused address. */
  | { kind: 'none' };

/** What a try means for its delivery and its endpoint. */
export interface DeliveryVerdict {
  outcome: 'delivered' | 'failed';
  /** The receiver wants nothing any more. */
  gone?: true;
  /** The receiver asked to be left alone for so long. */
  retryAfterMs?: number;
}

const GONE = 410;
/** Those whose `Retry-After` means the receiver's load and not the request. */
const BUSY = new Set([429, 503]);

/**
 * Only 2xx is success; a redirect, which is never followed, is a failure like any other.
 * @param now to read a `Retry-After` that is a date
 */
export function judgeDelivery(result: TryResult, now: number): DeliveryVerdict {
  if (result.kind === 'none') return { outcome: 'failed' };
  const { status, headers } = result;
  if (status >= 200 && status < 300) return { outcome: 'delivered' };
  if (status === GONE) return { outcome: 'failed', gone: true };
  const retryAfterMs = BUSY.has(status) ? readRetryAfter(headers['retry-after'], now) : undefined;
  return { outcome: 'failed', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3). */
function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
