import { randomBytes } from 'node:crypto';

const FORM = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's trace context (W3C Trace Context) when it is valid, else a new one. */
export function traceParentOf(header: string | string[] | undefined): string {
  if (typeof header === 'string' && FORM.test(header)) return header;
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}
