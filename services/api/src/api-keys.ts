import { createHash } from 'node:crypto';
import { SCHEMA_VERSION, isApiKeyIntact } from '@understudy/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';

const SCOPES = ['submit', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

const storedKeySchema = z.object({
  v: z.int(),
  project: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  /** `environment` for the key that UNDERSTUDY_API_KEY names. */
  source: z.string(),
});
/** What a key allows, and for which project. */
type Credential = z.infer<typeof storedKeySchema>;

export interface ApiKeys {
  /** Resolves undefined for a key nobody registered. An answer may be 1 s old. */
  find(key: string): Promise<Credential | undefined>;
  /** Makes this the environment's key, in place of an earlier one. Atomic; safe to repeat. */
  registerEnvironmentKey(key: string): Promise<void>;
  /** Whether any key is registered at all. */
  hasAny(): Promise<boolean>;
}

/** So long may a key that was taken back still open the door. */
const CACHE_MS = 1000;
const CACHE_SIZE = 10_000;

/**
 * Keys in Redis, by the hash of each. A plain SHA-256 is enough, and the look-up need not take
 * constant time: keys are long and random, and who sees how long a hash takes to be missed learns
 * nothing about the key behind another hash.
 */
export function createApiKeys(redis: Redis, prefix: string, monotonic: () => number): ApiKeys {
  const base = `${prefix}:{api-keys}`;
  const recordKey = (hash: string): string => `${base}:key:${hash}`;
  const cache = new Map<string, { readAt: number; credential: Promise<Credential | undefined> }>();

  const read = async (hash: string): Promise<Credential | undefined> => {
    const text = await redis.get(recordKey(hash));
    return text === null ? undefined : storedKeySchema.parse(JSON.parse(text));
  };

  return {
    find: async (key) => {
      if (!isApiKeyIntact(key)) return undefined;
      const hash = hashOf(key);
      const cached = cache.get(hash);
      if (cached !== undefined && monotonic() - cached.readAt < CACHE_MS) return cached.credential;
      if (cache.size >= CACHE_SIZE) cache.clear();
      const credential = read(hash);
      cache.set(hash, { readAt: monotonic(), credential });
      try {
        return await credential;
      } catch (error) {
        cache.delete(hash);
        throw error;
      }
    },

    registerEnvironmentKey: async (key) => {
      const hash = hashOf(key);
      const earlier = await redis.get(`${base}:environment`);
      const change = redis.multi();
      if (earlier !== null && earlier !== hash) {
        change.del(recordKey(earlier)).srem(`${base}:hashes`, earlier);
      }
      const credential: Credential = {
        v: SCHEMA_VERSION,
        project: 'default',
        scopes: [...SCOPES],
        source: 'environment',
      };
      change
        .set(recordKey(hash), JSON.stringify(credential))
        .sadd(`${base}:hashes`, hash)
        .set(`${base}:environment`, hash);
      for (const [error] of (await change.exec()) ?? []) if (error) throw error;
      cache.clear();
    },

    hasAny: async () => (await redis.scard(`${base}:hashes`)) > 0,
  };
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
