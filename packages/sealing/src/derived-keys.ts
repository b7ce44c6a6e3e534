import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { EncryptionKey } from './encryption-keys.ts';

export const SALT_BYTES = 16;

/**
 * A message key is good for so many messages. Random nonces of 96 bits are good for 2³² under one key
 * (NIST SP 800-38D, section 8.3), which a busy broker writes within days; with a key of its own for
 * every so many messages it never gets near that.
 */
const MESSAGES_PER_SALT = 2 ** 20;
/** Processes and restarts whose message keys are at hand; deriving one again costs microseconds. */
const REMEMBERED = 256;

/** A key for some messages, and the salt that leads from an encryption key to it. */
interface MessageKey {
  salt: Buffer;
  key: KeyObject;
}

/** The message keys of one encryption key. */
export interface DerivedKeys {
  /** One to encrypt the next message with. */
  next(): MessageKey;
  /** The one that a message was encrypted with. */
  of(salt: Buffer): KeyObject;
}

export function createDerivedKeys({ secret }: EncryptionKey): DerivedKeys {
  const remembered = new Map<string, KeyObject>();
  let current: MessageKey | undefined;
  let left = 0;

  const of = (salt: Buffer): KeyObject => {
    const name = salt.toString('latin1');
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const key = derive(secret, salt);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(name, key);
    return key;
  };
  return {
    of,
    next: () => {
      if (current === undefined || left === 0) {
        const salt = randomBytes(SALT_BYTES);
        current = { salt, key: of(salt) };
        left = MESSAGES_PER_SALT;
      }
      left -= 1;
      return current;
    },
  };
}

function derive(secret: KeyObject, salt: Buffer): KeyObject {
  return createSecretKey(
    createHmac('sha256', secret).update('understudy seal 1').update(salt).digest(),
  );
}
