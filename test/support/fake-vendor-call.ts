import type { IncomingHttpHeaders } from 'node:http';

/** How a call ended: answered whole, or cut by one of the two sides. */
export type CallEnd = 'answered' | 'closed-by-client' | 'closed-by-vendor';

export interface RecordedCall {
  /** Counts from 1 since the start or the last reset. */
  number: number;
  method: string;
  /** Without the query. */
  path: string;
  query: string;
  headers: IncomingHttpHeaders;
  /** The body as it came. */
  body: string;
  /** The model the call names, in its body or in its path. */
  model: string | undefined;
  /** When the head of the request came, on the clock of `performance.now()`. */
  receivedAt: number;
  /** True once the client hung up before the answer was whole. */
  closedByClient: boolean;
  /** Resolves when the call is over; never rejects. */
  ended: Promise<CallEnd>;
}
