import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Sealer } from '@understudy/sealing';
import { z } from 'zod';

/** `symmetric`: HMAC-SHA256, `v1`. `ed25519`: an asymmetric signature, `v1a`. */
export const signingKeyKindSchema = z.enum(['symmetric', 'ed25519']);
export type SigningKeyKind = z.infer<typeof signingKeyKindSchema>;

/** A key that signs deliveries. Instants are milliseconds since the epoch. */
export const signingKeySchema = z.object({
  kind: signingKeyKindSchema,
  /** `whsec_` or `whsk_` and base64 of its bytes. */
  secret: z.string(),
  created_at: z.number(),
  /** From when on it signs no more; absent of the newest. */
  expires_at: z.number().optional(),
});
export type SigningKey = z.infer<typeof signingKeySchema>;

/** Standard Webhooks wants 24 to 64 random bytes. */
const FEWEST_BYTES = 24;
const MOST_BYTES = 64;
const NEW_SECRET_BYTES = 32;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What DER puts before the 32 bytes of an Ed25519 private key: RFC 8410, section 7. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const ED25519_BYTES = 32;

/** Why a caller's own secret cannot be used; undefined when it can. */
export function secretProblem(secret: string): string | undefined {
  const [, encoded = ''] = /^whsec_(.*)$/s.exec(secret) ?? [];
  const bytes = BASE64.test(encoded) ? Buffer.from(encoded, 'base64').length : 0;
  if (bytes >= FEWEST_BYTES && bytes <= MOST_BYTES) return undefined;
  return `must be "whsec_" and the base64 of ${FEWEST_BYTES} to ${MOST_BYTES} random bytes`;
}

/** Makes a key, or one from a caller's own secret, which `secretProblem` has found fit. */
export function createSigningKey(kind: SigningKeyKind, now: number, secret?: string): SigningKey {
  return { kind, secret: secret ?? newSecret(kind), created_at: now };
}

/** What a receiver verifies with: the secret itself, or the public part (`whpk_…`). */
export function verifierOf({ kind, secret }: SigningKey): string {
  if (kind === 'symmetric') return secret;
  const { x = '' } = createPublicKey(privateKeyOf(secret)).export({ format: 'jwk' });
  return `whpk_${Buffer.from(x, 'base64url').toString('base64')}`;
}

/** The private key that `whsk_…` stands for: the first 32 of its bytes, as libsodium lays them out. */
export function privateKeyOf(secret: string): KeyObject {
  const seed = Buffer.from(secret.replace(/^whsk_/, ''), 'base64').subarray(0, ED25519_BYTES);
  const key = Buffer.concat([PKCS8_HEAD, seed]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** Those that sign at this instant, newest first. */
export function currentKeys(keys: readonly SigningKey[], now: number): SigningKey[] {
  return keys.filter(({ expires_at: expiresAt }) => expiresAt === undefined || expiresAt > now);
}

/** The keys as they are kept: sealed in their place, or opened from there. */
export function withSecrets(
  keys: readonly SigningKey[],
  change: Sealer['sealText'],
  place: string,
): SigningKey[] {
  return keys.map((key) => ({ ...key, secret: change(key.secret, place) }));
}

/** The keys after a rotation: the new one, and the current ones for `overlapMs` more. */
export function rotateKeys(
  keys: readonly SigningKey[],
  added: SigningKey,
  overlapMs: number,
): SigningKey[] {
  const endsAt = added.created_at + overlapMs;
  const leaving = currentKeys(keys, added.created_at).map((key) => ({
    ...key,
    expires_at: Math.min(key.expires_at ?? endsAt, endsAt),
  }));
  return [added, ...currentKeys(leaving, added.created_at)];
}

function newSecret(kind: SigningKeyKind): string {
  if (kind === 'symmetric') return `whsec_${randomBytes(NEW_SECRET_BYTES).toString('base64')}`;
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const bytes = Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]);
  return `whsk_${bytes.toString('base64')}`;
}
