import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHORTEST_API_KEY, createApiKey, isApiKeyIntact } from '@understudy/contracts';
import { StartError } from './start-error.ts';

/**
 * The first API key: from UNDERSTUDY_API_KEY, else from the data folder, where the first start
 * leaves it readable by its owner alone.
 * @throws StartError for a key that is too short or damaged
 */
export function readOrCreateApiKey(dataPath: string, fromEnvironment: string | undefined): string {
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    if (isUsable(fromEnvironment)) return fromEnvironment;
    if (fromEnvironment.length >= SHORTEST_API_KEY) {
      throw new StartError(
        'UNDERSTUDY_API_KEY begins with us_ but its checksum is wrong; copy it again, or unset it to have a key made.',
      );
    }
    throw new StartError(
      `UNDERSTUDY_API_KEY has ${fromEnvironment.length} characters; give at least ${SHORTEST_API_KEY}, or unset it to have a key made.`,
    );
  }
  const path = join(dataPath, 'api-key');
  try {
    // Fails when it exists, so that no second start replaces a key.
    writeFileSync(path, `${createApiKey()}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
  chmodSync(path, 0o600);
  const key = readFileSync(path, 'utf8').trim();
  if (isUsable(key)) return key;
  throw new StartError(`${path} holds no intact key; delete the file to have a new one made.`);
}

function isUsable(key: string): boolean {
  return key.length >= SHORTEST_API_KEY && isApiKeyIntact(key);
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
