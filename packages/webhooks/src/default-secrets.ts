import type { Clock } from '@understudy/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { createSigningKey, currentKeys, rotateKeys, signingKeySchema } from './signing-key.ts';
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

export function createDefaultSecrets(redis: Redis, prefix: string, clock: Clock): DefaultSecrets {
  const read = async (project: string): Promise<SigningKey[]> => {
    const json = await redis.get(defaultSecretKey(prefix, project));
    return json === null ? [] : currentKeys(keysSchema.parse(JSON.parse(json)), clock.now());
  };
  return {
    read,
    readOrCreate: async (project) => {
      const known = await read(project);
      if (known.length > 0) return known;
      const made = [createSigningKey('symmetric', clock.now())];
      await redis.set(defaultSecretKey(prefix, project), JSON.stringify(made), 'NX');
      return read(project);
    },
    rotate: async (project, overlapMs) => {
      const added = createSigningKey('symmetric', clock.now());
      const keys = rotateKeys(await read(project), added, overlapMs);
      await redis.set(defaultSecretKey(prefix, project), JSON.stringify(keys));
      return added;
    },
  };
}
