import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { BrokerError } from '@understudy/contracts';
import canonicalize from 'canonicalize';

/**
 * The value of `Idempotency-Key`, bare or as the quoted string of the IETF draft.
 * @throws BrokerError when it is empty, longer than 255 characters, or not printable ASCII
 */
export function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const text = String(header).trim();
  const key = /^"(?:[^"\\]|\\["\\])*"$/.test(text)
    ? text.slice(1, -1).replaceAll(/\\(["\\])/g, '$1')
    : text;
  if (/^[\u0020-\u007e]{1,255}$/.test(key)) return key;
  throw new BrokerError(
    'invalid_request',
    'the header Idempotency-Key must hold 1 to 255 printable ASCII characters',
    { param: 'Idempotency-Key' },
  );
}

/** A request that makes something, as far as it matters whether another asks for the same. */
export interface RepeatableRequest {
  method: string;
  /** The route's pattern. */
  path: string;
  headers: IncomingHttpHeaders;
  /** Its JSON, parsed. */
  content: unknown;
  /** The bytes of its body. */
  received: Uint8Array;
}

/**
 * Two requests with the same fingerprint ask for the same thing: method, path, canonical JSON
 * (RFC 8785; the order of members does not matter) and the broker's own headers.
 */
export function requestFingerprint(request: RepeatableRequest): string {
  return fingerprint(request, canonicalForm(request.content) ?? request.received);
}

/** The same, but equal only for the same bytes: cheaper, and enough to know an SDK's own retry. */
export function receivedFingerprint(request: Omit<RepeatableRequest, 'content'>): string {
  return fingerprint(request, request.received);
}

function fingerprint(
  { method, path, headers }: Omit<RepeatableRequest, 'content' | 'received'>,
  content: string | Uint8Array,
): string {
  const ours = Object.entries(headers)
    .filter(([name]) => name.startsWith('understudy-'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([method, path, ours]))
    .update(content)
    .digest('hex');
}

/** Undefined for text with half a surrogate pair, which RFC 8785 has no form for. */
function canonicalForm(body: unknown): string | undefined {
  try {
    return canonicalize(body);
  } catch {
    return undefined;
  }
}

/** What is told where a key comes again with a request that is not the same. */
export function mismatch(): BrokerError {
  return new BrokerError(
    'idempotency_mismatch',
    'this Idempotency-Key was used for another request; a new request needs a new key',
    { param: 'Idempotency-Key' },
  );
}
