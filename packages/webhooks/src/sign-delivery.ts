import { sign } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { privateKeyOf } from './signing-key.ts';
import type { SigningKey } from './signing-key.ts';

/** What a receiver verifies a try by: Standard Webhooks 1.0.0. */
export interface SignatureHeaders {
  /** The event's id, the same on every try. */
  'webhook-id': string;
  /** Unix seconds of this try. */
  'webhook-timestamp': string;
  /** One signature by each key, separated by spaces. */
  'webhook-signature': string;
}

/** Signs one try with every key given: during a rotation a receiver may know either. */
export function signDelivery(
  eventId: string,
  body: string,
  keys: readonly Pick<SigningKey, 'kind' | 'secret'>[],
  now: number,
): SignatureHeaders {
  const seconds = Math.floor(now / 1000);
  const signatures = keys.map((key) =>
    key.kind === 'symmetric'
      ? new Webhook(key.secret).sign(eventId, new Date(seconds * 1000), body)
      : `v1a,${sign(null, Buffer.from(`${eventId}.${seconds}.${body}`), privateKeyOf(key.secret)).toString('base64')}`,
  );
  return {
    'webhook-id': eventId,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures.join(' '),
  };
}
