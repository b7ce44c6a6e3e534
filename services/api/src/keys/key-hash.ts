import {
  createHash,
  createHmac,
  createSecretKey,
  hash as digestOf,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';
import type { Logger, Redis } from '@understudy/runtime';
import { pepperIdKey, pepperKey } from './key-names.ts';

const PEPPER_BYTES = 32;
const DIGEST_BYTES = 32;
/** 128 bits: enough that no two keys meet; the other half is what a key is held against. */
const SELECTOR_BYTES = 16;
/** So many hashes are remembered, as the same few keys come with nearly every request. */
const KNOWN_HASHES = 1000;

/** The keyed hash of an API key, in two halves of hexadecimal. */
export interface KeyHash {
  /** Names the record. That it is found tells nothing yet. */
  selector: string;
  /** Stands in the record, and is compared in constant time. */
  verifier: string;
}

/**
 * HMAC-SHA-256 of API keys under a secret of this installation, the pepper: who reads Redis alone
 * cannot try guesses of a weak key.
 */
export interface KeyHasher {
  /** Of a key that came lately, the same object as before. */
  hash(key: string): Promise<KeyHash>;
  /** Redis may have come back empty: ask again for what it keeps. */
  forget(): void;
}

/**
 * @param given the pepper from the environment. Without one, a random one is made at the first start
 *   and kept in Redis, beside the hashes: then it protects against nobody who reads all of Redis.
 */
export function createKeyHasher(
  redis: Redis,
  prefix: string,
  given: string | undefined,
  logger: Logger,
): KeyHasher {
  let pepper: Promise<KeyObject> | undefined;
  const known = new Map<string, KeyHash>();
  const load = async (): Promise<KeyObject> => {
    if (given !== undefined) {
      await warnOfAnother(redis, prefix, given, logger);
      return createSecretKey(given, 'utf8');
    }
    const fresh = randomBytes(PEPPER_BYTES).toString('hex');
    // One command, so that replicas that start together agree.
    const kept = await redis.set(pepperKey(prefix), fresh, 'NX', 'GET');
    return createSecretKey(kept ?? fresh, 'hex');
  };
  return {
    hash: async (key) => {
      const loading = (pepper ??= load());
      try {
        const secret = await loading;
        // By a digest: how long a look-up takes tells nothing of a key.
        const name = digestOf('sha256', key);
        const hashed = known.get(name) ?? hashWith(secret, key);
        if (known.size >= KNOWN_HASHES) known.clear();
        if (pepper === loading) known.set(name, hashed);
        return hashed;
      } catch (error) {
        if (pepper === loading) pepper = undefined;
        throw error;
      }
    },
    forget: () => {
      pepper = undefined;
      known.clear();
    },
  };
}

export function isVerifiedBy(hash: KeyHash, verifier: string): boolean {
  const expected = Buffer.from(verifier, 'hex');
  const presented = Buffer.from(hash.verifier, 'hex');
  return expected.length === presented.length && timingSafeEqual(expected, presented);
}

function hashWith(pepper: KeyObject, key: string): KeyHash {
  const digest = createHmac('sha256', pepper).update(key).digest();
  return {
    selector: digest.toString('hex', 0, SELECTOR_BYTES),
    verifier: digest.toString('hex', SELECTOR_BYTES, DIGEST_BYTES),
  };
}

/** Keys made under another pepper are unknown from now on, which nobody would guess from a 401. */
async function warnOfAnother(
  redis: Redis,
  prefix: string,
  given: string,
  logger: Logger,
): Promise<void> {
  const id = createHash('sha256').update('id of a pepper\0').update(given).digest('hex');
  const before = await redis.set(pepperIdKey(prefix), id, 'GET');
  if (before === null || before === id) return;
  logger.warn(
    'UNDERSTUDY_KEY_PEPPER is another one than before: keys made under the old one open nothing; ' +
      'give every API replica the same one, or make the keys anew',
  );
}
