import { crc32 } from 'node:zlib';

const PREFIX = 'us_';
const CHECKSUM_LENGTH = 6;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * False for a key that carries our prefix and was mistyped or cut: it need not be looked up. Keys
 * of any other form have no checksum and pass.
 */
export function hasIntactChecksum(key: string): boolean {
  if (!key.startsWith(PREFIX)) return true;
  const random = key.slice(PREFIX.length, -CHECKSUM_LENGTH);
  return random !== '' && key.endsWith(checksumOf(random));
}

function checksumOf(text: string): string {
  const digits = Array.from({ length: CHECKSUM_LENGTH }, (_, place) => {
    const value = Math.floor(crc32(text) / BASE62.length ** (CHECKSUM_LENGTH - 1 - place));
    return BASE62[value % BASE62.length];
  });
  return digits.join('');
}
