import { randomUUID } from 'node:crypto';
import type { Logger, Redis } from '@understudy/runtime';
import type { FileBytes } from './file-bytes.ts';
import { placeKey } from './file-keys.ts';
import { PLACE_MARKS } from './place-mark.ts';

export interface PlaceParts {
  redis: Redis;
  keyPrefix: string;
  bytes: FileBytes;
  logger: Logger;
}

/**
 * Whether nobody but this broker keeps files in the place. A key prefix is a broker of its own: what
 * its Redis names no file for may be a file of another. Where it is not alone, the remedy is logged.
 */
export async function isOwnPlace({
  redis,
  keyPrefix,
  bytes,
  logger,
}: PlaceParts): Promise<boolean> {
  const fresh = randomUUID();
  const own = (await redis.set(placeKey(keyPrefix), fresh, 'NX', 'GET')) ?? fresh;
  const others = (await bytes.mark(own)).filter((mark) => mark !== own);
  if (others.length === 0) return true;
  logger.warn(
    { path: others.map((mark) => `${PLACE_MARKS}/${mark}`) },
    'another broker has marked the place of files as its own too, so nothing that is left over there is removed; give each broker a folder, or a bucket or a prefix in it, of its own in files.path or files.s3, or, if no other uses this one any more, remove these marks from it',
  );
  return false;
}
