import { randomBytes } from 'node:crypto';
import { spanContextOf } from '@understudy/tracing';

/**
 * The trace that a request belongs to: its own `traceparent` (W3C Trace Context) when it is valid, else
 * a new one that nobody keeps.
 */
export function traceParentOf(header: string | string[] | undefined): string {
  if (typeof header === 'string' && spanContextOf(header) !== undefined) return header;
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}
