import type { WebhookEvent } from './events.ts';

/** What does not come from the broker, was changed on the way, or is too old. */
export class WebhookVerificationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WebhookVerificationError';
  }
}

export interface VerifyWebhookOptions {
  /** How old, or how far in the future, a delivery may be; 300 unless told. */
  toleranceSeconds?: number;
  /** Milliseconds since the epoch; the clock's unless told. */
  now?: number;
}

/** Of a request, in the form of `Request.headers` or of Node's `request.headers`. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

const TOLERANCE_SECONDS = 300;

/**
 * Verifies a delivery by Standard Webhooks 1.0.0 and gives its event.
 * @param rawBody as received: JSON that was parsed and written again has other bytes
 * @param secret `whsec_…`, or the public key `whpk_…` of an endpoint that signs by Ed25519; several
 *   where a receiver knows both during a rotation
 * @throws WebhookVerificationError for what is forged, incomplete or too old
 */
export async function verifyWebhook(
  rawBody: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  options: VerifyWebhookOptions = {},
): Promise<WebhookEvent> {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  checkAge(timestamp, options);
  const encoder = new TextEncoder();
  const body = typeof rawBody === 'string' ? encoder.encode(rawBody) : rawBody;
  const head = encoder.encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(head.length + body.length);
  signed.set(head);
  signed.set(body, head.length);

  const signatures = headerOf(headers, 'webhook-signature').split(' ');
  const keys = await Promise.all((typeof secret === 'string' ? [secret] : secret).map(readKey));
  for (const { version, verify } of keys) {
    for (const signature of signatures) {
      const given = signature.startsWith(`${version},`)
        ? bytesOf(signature.slice(version.length + 1))
        : undefined;
      if (given !== undefined && (await verify(given, signed))) {
        const event: WebhookEvent = JSON.parse(new TextDecoder().decode(body));
        return event;
      }
    }
  }
  throw new WebhookVerificationError('no signature of the delivery fits');
}

function checkAge(timestamp: string, options: VerifyWebhookOptions): void {
  const { toleranceSeconds = TOLERANCE_SECONDS, now = Date.now() } = options;
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw new WebhookVerificationError('webhook-timestamp is no number of seconds');
  }
  if (Math.abs(now / 1000 - Number(timestamp)) > toleranceSeconds) {
    throw new WebhookVerificationError(
      `the delivery is more than ${toleranceSeconds} s old, or from the future`,
    );
  }
}

function headerOf(headers: WebhookHeaders, name: string): string {
  const value = hasGet(headers) ? headers.get(name) : headers[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new WebhookVerificationError(`the delivery has no header ${name}`);
}

function hasGet(headers: WebhookHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}

interface VerifyingKey {
  version: 'v1' | 'v1a';
  verify(signature: Uint8Array<ArrayBuffer>, signed: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

async function readKey(secret: string): Promise<VerifyingKey> {
  const [, kind, base64 = ''] = /^(whsec_|whpk_)?(.*)$/.exec(secret) ?? [];
  const bytes = bytesOf(base64);
  // What a key was is never told, not even that of a wrong one.
  if (bytes === undefined || bytes.length === 0) {
    throw new TypeError('the webhook secret is neither whsec_… nor whpk_… in base64');
  }
  const isPublic = kind === 'whpk_';
  const algorithm = isPublic ? { name: 'Ed25519' } : { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify']);
  return {
    version: isPublic ? 'v1a' : 'v1',
    // Compares in constant time.
    verify: (signature, signed) => crypto.subtle.verify(algorithm.name, key, signature, signed),
  };
}

/** Undefined for what is no base64. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
