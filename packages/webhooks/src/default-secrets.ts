import { loadScript } from '@understudy/runtime';
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
const replaceScript = loadScript(new URL('./scripts/replace-default-secret.lua', import.meta.url));

/** Somebody else rotated between reading and writing so many times in a row. */
const MOST_RETRIES = 20;

/** The keys of a project that sign for callbacks without a secret of their own. */
export interface DefaultSecrets {
  /** Those that sign now, newest first; empty while none was made. */
  read(project: string): Promise<SigningKey[]>;
  /** As `read`; makes the first one where there is none. Two at once make the same one. */
  readOrCreate(project: string): Promise<SigningKey[]>;
  /** Adds a key; two at once add one each. */
  rotate(project: string, overlapMs: number): Promise<SigningKey>;
}

export function createDefaultSecrets(
  redis: Redis,
  prefix: string,
  clock: Clock,
  sealer: Sealer,
): DefaultSecrets {
  const load = async (place: string): Promise<{ keys: SigningKey[]; text: string }> => {
    const text = await redis.get(place);
    if (text === null) return { keys: [], text: '' };
    const keys = currentKeys(keysSchema.parse(JSON.parse(text)), clock.now());
    return { keys: withSecrets(keys, sealer.openText, place), text };
  };
  const read = async (project: string): Promise<SigningKey[]> =>
    (await load(defaultSecretKey(prefix, project))).keys;
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
      const place = defaultSecretKey(prefix, project);
      for (let tries = 0; tries < MOST_RETRIES; tries += 1) {
        const { keys, text } = await load(place);
        const added = createSigningKey('symmetric', clock.now());
        const rotated = textOf(rotateKeys(keys, added, overlapMs), place);
        if (Number(await replaceScript.run(redis, [place], [text, rotated])) === 1) return added;
      }
      throw new Error(`the default secret of a project changed ${MOST_RETRIES} times meanwhile`);
    },
  };
}
