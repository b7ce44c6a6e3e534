import { readFileSync } from 'node:fs';
import { parseEncryptionKeys } from '@understudy/sealing';
import type { EncryptionKey } from '@understudy/sealing';

const KEYS = 'UNDERSTUDY_ENCRYPTION_KEYS';
const KEYS_FILE = 'UNDERSTUDY_ENCRYPTION_KEYS_FILE';

/**
 * The keys that what is kept is encrypted with: `UNDERSTUDY_ENCRYPTION_KEYS`, or the file that
 * `UNDERSTUDY_ENCRYPTION_KEYS_FILE` names, reads `k2:base64…,k1:base64…`. None where both are unset
 * or empty.
 * @throws Error that names the variable and the remedy, never a key
 */
export function readEncryptionKeys(
  environment: Readonly<Record<string, string | undefined>>,
): EncryptionKey[] {
  const [text = '', path = ''] = [environment[KEYS], environment[KEYS_FILE]];
  if (text !== '' && path !== '') throw new Error(`set ${KEYS} or ${KEYS_FILE}, not both`);
  const name = path === '' ? KEYS : KEYS_FILE;
  let keys: EncryptionKey[];
  try {
    keys = parseEncryptionKeys(path === '' ? text : readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`environment variable ${name}: ${reason}`, { cause: error });
  }
  // Whoever names keys wants encryption: an empty file must not turn it off.
  if (keys.length === 0 && `${text}${path}` !== '') {
    throw new Error(`environment variable ${name}: holds no key`);
  }
  return keys;
}
