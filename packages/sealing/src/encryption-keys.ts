import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface EncryptionKey {
  /** Travels with what it encrypts, in plain sight. */
  id: string;
  /** 256 bits. */
  secret: KeyObject;
}

const KEY_BYTES = 32;
/** The id has a field of this width in front of every ciphertext. */
export const LONGEST_KEY_ID = 16;

const KEY_ID = /^[A-Za-z0-9_-]+$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * Reads `id:base64` entries, divided by commas or white space. The first encrypts; all decrypt.
 * @throws Error that names the entry by its position or id and the remedy, never its bytes
 */
export function parseEncryptionKeys(text: string): EncryptionKey[] {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  const keys = entries.map(parseEntry);
  const ids = keys.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`two keys have the id "${twice}"; rename one of them`);
  return keys;
}

function parseEntry(entry: string, index: number): EncryptionKey {
  const [, id, encoded = ''] = /^([^:]*):(.*)$/.exec(entry) ?? [];
  if (id === undefined) {
    throw new Error(`key ${index + 1} must read "id:" and the base64 of ${KEY_BYTES} bytes`);
  }
  if (!KEY_ID.test(id) || id.length > LONGEST_KEY_ID) {
    throw new Error(
      `key ${index + 1} needs an id of 1 to ${LONGEST_KEY_ID} letters, digits, "-" and "_"`,
    );
  }
  const bytes = BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : Buffer.alloc(0);
  if (bytes.length !== KEY_BYTES) {
    throw new Error(
      `the key "${id}" must be the base64 of ${KEY_BYTES} random bytes; ` +
        `make one with: openssl rand -base64 ${KEY_BYTES}`,
    );
  }
  return { id, secret: createSecretKey(bytes) };
}
