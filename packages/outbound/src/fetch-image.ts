import { checkCallerUrl } from './caller-url.ts';
import { callOutbound, type OutboundResult } from './call-outbound.ts';
import type { GuardedDispatcher } from './guarded-dispatcher.ts';
import { imageType, type ImageType } from './image-type.ts';
import type { OutboundPolicy } from './outbound-policy.ts';

export interface ImageRequest {
  /** As a caller gave it. */
  url: string;
  policy: OutboundPolicy;
  /** Made for the same policy. */
  dispatcher: GuardedDispatcher;
  maxBytes: number;
  /** Ends the fetch, whatever it has come to. */
  signal: AbortSignal;
  /** For each of the addresses that are asked one after the other. */
  timeoutMs: number;
}

export type FetchedImage =
  | { ok: true; mediaType: ImageType; bytes: Buffer }
  /** `reason` completes "the image …" and names neither host nor path, which are content. */
  | { ok: false; reason: string };

/** Places that hold images send to their stores once or twice. */
const MOST_REDIRECTS = 3;
const HEADERS = { accept: 'image/*', 'user-agent': 'understudy' };

/**
 * Fetches an image from a URL that a caller gave. Every address on the way, redirects too, has to
 * be permitted by the policy. What comes has to call itself an image and to be one, by its first
 * bytes, of a type that models read. Throws nothing.
 */
export async function fetchImage(request: ImageRequest): Promise<FetchedImage> {
  let url = request.url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const checked = checkCallerUrl(url, request.policy);
    if (!checked.ok) return { ok: false, reason: refusal(checked.reason, url) };
    const result = await callOutbound(
      {
        url: checked.url,
        headers: HEADERS,
        timeoutMs: request.timeoutMs,
        maxAnswerBytes: request.maxBytes,
        dispatcher: request.dispatcher,
        signal: request.signal,
      },
      { method: 'GET' },
    );
    const next = redirectedTo(result, checked.url);
    if (next === undefined) return readImage(result, checked.url, request.maxBytes);
    url = next;
  }
  return { ok: false, reason: `is behind more than ${MOST_REDIRECTS} redirects` };
}

function redirectedTo(result: OutboundResult, from: string): string | undefined {
  if (result.kind !== 'answer' || ![301, 302, 303, 307, 308].includes(result.status)) {
    return undefined;
  }
  const location = URL.parse(result.headers['location'] ?? '', from);
  if (location === null) return undefined;
  // A fragment belongs to the reader, and is not sent.
  location.hash = '';
  return location.href;
}

function readImage(result: OutboundResult, url: string, maxBytes: number): FetchedImage {
  if (result.kind === 'refused') return { ok: false, reason: refusal(result.reason, url) };
  if (result.kind === 'failed') {
    return { ok: false, reason: `could not be fetched: ${withoutHost(result.reason, url)}` };
  }
  const { status, headers, body, truncated } = result;
  if (status !== 200) return { ok: false, reason: `was answered with status ${status}` };
  if (truncated) return { ok: false, reason: `has more than ${maxBytes} bytes` };
  const mediaType = /^\s*image\//i.test(headers['content-type'] ?? '')
    ? imageType(body)
    : undefined;
  if (mediaType === undefined) {
    return { ok: false, reason: 'is none: what came is no JPEG, PNG, GIF or WebP image' };
  }
  return { ok: true, mediaType, bytes: body };
}

function refusal(reason: string, url: string): string {
  return `was not fetched: ${withoutHost(reason, url)}`;
}

function withoutHost(reason: string, url: string): string {
  const { host = '', hostname = '' } = URL.parse(url) ?? {};
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return [host, hostname, bare].reduce(
    (text, name) => (name === '' ? text : text.replaceAll(name, 'its host')),
    reason,
  );
}
