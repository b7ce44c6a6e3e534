import type { Clock, Redis } from '@understudy/runtime';
import type { Sealer } from '@understudy/sealing';
import { z } from 'zod';
import {
  createSigningKey,
  currentKeys,
  rotateKeys,
  signingKeySchema,
  withSecrets,
} from './signing-key.ts';
import type { SigningKey } from './signing-key.ts';
import { defaultSecretKey } from './webhook-keys.ts';

const keysSchema = z.array(signingKeySchema);

/** The keys of a project that sign for callbacks without a secret of their own. */
export interface DefaultSecrets {
  /** Those that sign now, newest first; empty while none was made. */
  read(project: string): Promise<SigningKey[]>;
  /** As `read`; makes the first one where there is none. Two at once make the same one. */
  readOrCreate(project: string): Promise<SigningKey[]>;
  rotate(project: string, overlapMs: number): Promise<SigningKey>;
}

export function createDefaultSecrets(
  redis: Redis,
  prefix: string,
  clock: Clock,
  sealer: Sealer,
): DefaultSecrets {
  const read = async (project: string): Promise<SigningKey[]> => {
    const place = defaultSecretKey(prefix, project);
    const json = await redis.get(place);
    if (json === null) return [];
    const keys = currentKeys(keysSchema.parse(JSON.parse(json)), clock.now());
    return withSecrets(keys, sealer.openText, place);
  };
  const textOf = (keys: readonly SigningKey[], place: string): string =>
    JSON.stringify(withSecrets(keys, sealer.sealText, place));
  return {
    read,
    readOrCreate: async (project) => {
      const known = await read(project);
      if (known.length > 0) return known;
      const made = [createSigningKey('symmetric', clock.now())];
      const place = defaultSecretKey(prefix, project);
      await redis.set(place, textOf(made, place), 'NX');
      return read(project);
    },
    rotate: async (project, overlapMs) => {
      const added = createSigningKey('symmetric', clock.now());
      const keys = rotateKeys(await read(project), added, overlapMs);
      const place = defaultSecretKey(prefix, project);
      await redis.set(place, textOf(keys, place));
      return added;
    },
  };
}
