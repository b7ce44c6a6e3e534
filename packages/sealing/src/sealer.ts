import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { SALT_BYTES, createDerivedKeys } from './derived-keys.ts';
import type { DerivedKeys } from './derived-keys.ts';
import { LONGEST_KEY_ID } from './encryption-keys.ts';
import type { EncryptionKey } from './encryption-keys.ts';
import { BrokenSealError, MissingKeyError, UnsealedError } from './seal-errors.ts';

/**
 * Encrypts what is kept, and reads it back. A *place* is the name under which something is kept: it
 * is authenticated with the ciphertext, which therefore reads nowhere else.
 */
export interface Sealer {
  /** False where there is no key: then everything is kept as it is. */
  readonly encrypts: boolean;
  /** Of every key that it reads with; the first one encrypts. */
  readonly keyIds: readonly string[];
  /** True where nothing is read that is not encrypted, but what a key never encrypts. */
  readonly required: boolean;
  /** Longer than what was given by SEAL_BYTES, where it encrypts. */
  seal(bytes: Uint8Array, place: string): Buffer;
  /**
   * What was never sealed comes back as it is, unless seals are required: it was written before
   * there was a key. What may begin with a zero byte when it is not sealed must not be handed in.
   * @throws MissingKeyError, BrokenSealError, UnsealedError
   */
  open(bytes: Buffer, place: string): Buffer;
  /** As `seal`, for a text that does not begin with `sealed:`. */
  sealText(text: string, place: string): string;
  /** As `open`. */
  openText(text: string, place: string): string;
}

/** No text of JSON, and no secret of a webhook, begins with a zero byte. */
const MAGIC = Buffer.from('\0US1', 'latin1');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What stands before the ciphertext: magic, id of the key, salt, nonce. Behind it the tag. */
const SALT_AT = MAGIC.length + LONGEST_KEY_ID;
const NONCE_AT = SALT_AT + SALT_BYTES;
const HEAD_BYTES = NONCE_AT + NONCE_BYTES;

/** What a seal adds to the length, whichever the key. */
export const SEAL_BYTES = HEAD_BYTES + TAG_BYTES;

const TEXT_MARK = 'sealed:';
const ALGORITHM = 'aes-256-gcm';

interface KnownKey {
  id: string;
  keys: DerivedKeys;
}

/**
 * @param keys the first one encrypts, all of them decrypt; none: nothing is encrypted
 * @param options.required what is not encrypted is not read; needs a key
 */
export function createSealer(
  keys: readonly EncryptionKey[],
  { required = false }: { required?: boolean } = {},
): Sealer {
  const all = keys.map((key): KnownKey => ({ id: key.id, keys: createDerivedKeys(key) }));
  const [first] = all;
  const known = new Map(all.map((key) => [key.id, key]));

  const seal = (bytes: Uint8Array, place: string): Buffer => {
    if (first === undefined) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return sealWith(first, bytes, place);
  };
  const open = (bytes: Buffer, place: string): Buffer => {
    if (!isSealed(bytes)) {
      if (required) throw new UnsealedError(place);
      return bytes;
    }
    const id = keyIdOf(bytes);
    const key = known.get(id);
    if (key === undefined) throw new MissingKeyError(id);
    return openWith(key, bytes, place);
  };

  return {
    encrypts: first !== undefined,
    keyIds: all.map(({ id }) => id),
    required,
    seal,
    open,
    sealText: (text, place) =>
      first === undefined
        ? text
        : `${TEXT_MARK}${sealWith(first, Buffer.from(text), place).toString('base64')}`,
    openText: (text, place) => {
      if (!isSealedText(text)) {
        if (required) throw new UnsealedError(place);
        return text;
      }
      return open(Buffer.from(text.slice(TEXT_MARK.length), 'base64'), place).toString('utf8');
    },
  };
}

export function isSealedText(text: string): boolean {
  return text.startsWith(TEXT_MARK);
}

export function isSealed(bytes: Buffer): boolean {
  return bytes.length >= SEAL_BYTES && bytes.subarray(0, MAGIC.length).equals(MAGIC);
}

function sealWith({ id, keys }: KnownKey, bytes: Uint8Array, place: string): Buffer {
  const { salt, key } = keys.next();
  const sealed = Buffer.alloc(bytes.byteLength + SEAL_BYTES);
  MAGIC.copy(sealed);
  sealed.write(id, MAGIC.length, 'latin1');
  salt.copy(sealed, SALT_AT);
  randomFillSync(sealed, NONCE_AT, NONCE_BYTES);
  const { nonce, associated } = headOf(sealed, place);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(associated);
  cipher.update(bytes).copy(sealed, HEAD_BYTES);
  cipher.final();
  cipher.getAuthTag().copy(sealed, sealed.length - TAG_BYTES);
  return sealed;
}

function openWith({ id, keys }: KnownKey, sealed: Buffer, place: string): Buffer {
  const { salt, nonce, associated } = headOf(sealed, place);
  const decipher = createDecipheriv(ALGORITHM, keys.of(salt), nonce)
    .setAAD(associated)
    .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const bytes = decipher.update(sealed.subarray(HEAD_BYTES, sealed.length - TAG_BYTES));
  try {
    decipher.final();
  } catch (error) {
    throw new BrokenSealError(id, place, error);
  }
  return bytes;
}

function headOf(sealed: Buffer, place: string) {
  return {
    salt: sealed.subarray(SALT_AT, NONCE_AT),
    nonce: sealed.subarray(NONCE_AT, HEAD_BYTES),
    associated: Buffer.concat([sealed.subarray(0, NONCE_AT), Buffer.from(place)]),
  };
}

function keyIdOf(sealed: Buffer): string {
  return sealed
    .toString('latin1', MAGIC.length, MAGIC.length + LONGEST_KEY_ID)
    .replaceAll('\0', '');
}
