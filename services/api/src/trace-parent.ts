import { randomUUID } from 'node:crypto';
import { spanContextOf } from '@understudy/tracing';

/**
 * The trace that a request belongs to: its own `traceparent` (W3C Trace Context) when it is valid, else
 * a new one that nobody keeps.
 */
export function traceParentOf(header: string | string[] | undefined): string {
  if (typeof header === 'string' && spanContextOf(header) !== undefined) return header;
  // 122 and 64 random bits, which Node keeps ready for this.
  const [trace, other] = [randomUUID(), randomUUID()];
  return `00-${trace.replaceAll('-', '')}-${other.slice(0, 8)}${other.slice(28)}-00`;
}
