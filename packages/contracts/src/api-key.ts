import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PREFIX = 'us_';
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
export const SHORTEST_API_KEY = 16;

/** A new key: prefix, 190 random bits, and a checksum by which a scanner knows a leaked one. */
export function createApiKey(): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => BASE62[randomInt(BASE62.length)]);
  const body = random.join('');
  return `${PREFIX}${body}${checksum(body)}`;
}

/**
 * False for a key that carries our prefix and was mistyped or cut: it need not be looked up. Keys
 * of any other form have no checksum and pass.
 */
export function isApiKeyIntact(key: string): boolean {
  if (!key.startsWith(PREFIX)) return true;
  const body = key.slice(PREFIX.length, -CHECKSUM_LENGTH);
  return body !== '' && key.endsWith(checksum(body));
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  while (text.length < CHECKSUM_LENGTH) {
    text = `${BASE62[rest % BASE62.length]}${text}`;
    rest = Math.floor(rest / BASE62.length);
  }
  return text;
}
