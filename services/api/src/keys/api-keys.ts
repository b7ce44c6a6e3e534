import { SCHEMA_VERSION, isApiKeyIntact } from '@understudy/contracts';
import { loadScript, subscribePatiently } from '@understudy/runtime';
import type { Clock, Logger, Redis, Subscriber } from '@understudy/runtime';
import { createKeyHasher, isVerifiedBy } from './key-hash.ts';
import type { KeyHash } from './key-hash.ts';
import {
  environmentKey,
  idsKey,
  lastUsesKey,
  ofProjectPrefix,
  recordsPrefix,
  revokedChannel,
  selectorsKey,
} from './key-names.ts';
import { createManagedKeys } from './managed-keys.ts';
import type { ManagedKeys } from './managed-keys.ts';
import { DEFAULT_PROJECT, SCOPES, isLive, parseStoredKey } from './stored-key.ts';
import type { FoundKey, StoredKey } from './stored-key.ts';

const registerScript = loadScript(
  new URL('./scripts/register-environment-key.lua', import.meta.url),
);

/** Of the key that UNDERSTUDY_API_KEY names; there is one at most. */
export const ENVIRONMENT_KEY_ID = 'key_environment';

export interface ApiKeys {
  /**
   * What a key allows, and for which project. Resolves undefined for a key nobody registered, and
   * for one that has expired. An answer may be 1 s old. That the key was used is noted once a
   * minute, in the background.
   */
  find(key: string): Promise<FoundKey | undefined>;
  /** Whether a key that was found is still registered and has not expired. Redis is always asked. */
  isGood(key: FoundKey): Promise<boolean>;
  /**
   * Makes this the environment's key. The first time, any other gives way; later only one that was
   * registered before: not that of a process that started since, but the one that Redis knows again
   * which has lost its last writes. Atomic; safe to repeat. Resolves false where another one stands.
   */
  registerEnvironmentKey(key: string): Promise<boolean>;
  /** Whether this process was given a key by its environment. */
  hasEnvironmentKey(): boolean;
  /** Whether any key is registered at all. */
  hasAny(): Promise<boolean>;
  /** Keys as administrators make them and take them back. */
  managed: ManagedKeys;
  /** Calls back with the project of each key that is taken back, wherever that was done. */
  onRevoked(listener: (project: string) => void): void;
}

export interface ApiKeysOptions {
  redis: Redis;
  /** Hears of keys that are taken back; without it they are forgotten by age alone. */
  subscriber?: Subscriber;
  keyPrefix: string;
  clock: Clock;
  logger: Logger;
  /** From UNDERSTUDY_KEY_PEPPER; see `createKeyHasher`. */
  pepper?: string;
}

/** So long may a key that was taken back still open the door, where no message told of it. */
const CACHE_MS = 1000;
const CACHE_SIZE = 10_000;
/** How old the time of a key's last use may be. */
const USE_NOTED_EVERY_MS = 60_000;

/** Keys in Redis, by the keyed hash of each. */
export function createApiKeys(options: ApiKeysOptions): ApiKeys {
  const { redis, subscriber, keyPrefix: prefix, clock, logger, pepper } = options;
  const hasher = createKeyHasher(redis, prefix, pepper, logger);
  // The hasher gives the same object for the same key, so no text is put together to find it by.
  const cache = new Map<KeyHash, { readAt: number; found: Promise<FoundKey | undefined> }>();
  const noteUse = createUseNotes(redis, prefix, clock);
  const listeners: ((project: string) => void)[] = [];
  let environmentGiven = false;
  /** When this process first registered the environment's key. */
  let registeredAt: number | undefined;

  const forgetAll = (): void => cache.clear();
  const channel = revokedChannel(prefix);
  subscriber?.on('message', (from, project) => {
    if (from !== channel) return;
    forgetAll();
    for (const listener of listeners) listener(project);
  });
  redis.on('ready', () => {
    hasher.forget();
    forgetAll();
  });
  if (subscriber !== undefined) void subscribePatiently(subscriber, channel);

  const read = async (hash: KeyHash): Promise<FoundKey | undefined> => {
    const { selector } = hash;
    const stored = parseStoredKey(await redis.get(`${recordsPrefix(prefix)}${selector}`));
    if (stored === undefined || !isVerifiedBy(hash, stored.verifier)) return undefined;
    return { ...stored, selector };
  };
  const readCached = async (hash: KeyHash): Promise<FoundKey | undefined> => {
    const cached = cache.get(hash);
    if (cached !== undefined && clock.monotonic() - cached.readAt < CACHE_MS) return cached.found;
    if (cache.size >= CACHE_SIZE) cache.clear();
    const entry = { readAt: clock.monotonic(), found: read(hash) };
    cache.set(hash, entry);
    try {
      return await entry.found;
    } catch (error) {
      if (cache.get(hash) === entry) cache.delete(hash);
      throw error;
    }
  };

  return {
    find: async (key) => {
      if (!isApiKeyIntact(key)) return undefined;
      const hash = await hasher.hash(key);
      const stored = await readCached(hash);
      if (stored === undefined || !isLive(stored, clock.now())) return undefined;
      noteUse(hash.selector);
      return stored;
    },

    isGood: async (found) => {
      const { selector, verifier } = found;
      const stored = await read({ selector, verifier });
      return stored !== undefined && isLive(stored, clock.now());
    },

    registerEnvironmentKey: async (key) => {
      environmentGiven = true;
      const { selector, verifier } = await hasher.hash(key);
      const stored: StoredKey = {
        v: SCHEMA_VERSION,
        id: ENVIRONMENT_KEY_ID,
        verifier,
        project: DEFAULT_PROJECT,
        scopes: [...SCOPES],
        source: 'environment',
        created_at: registeredAt ?? clock.now(),
      };
      const reply = await registerScript.run(
        redis,
        [
          environmentKey(prefix),
          `${recordsPrefix(prefix)}${selector}`,
          selectorsKey(prefix),
          lastUsesKey(prefix),
          idsKey(prefix),
          `${ofProjectPrefix(prefix)}${DEFAULT_PROJECT}`,
        ],
        [
          selector,
          JSON.stringify(stored),
          ENVIRONMENT_KEY_ID,
          DEFAULT_PROJECT,
          recordsPrefix(prefix),
          channel,
          registeredAt === undefined ? '1' : '0',
        ],
      );
      forgetAll();
      const isOurs = Number(reply) > 0;
      if (isOurs) registeredAt = Number(reply);
      return isOurs;
    },

    hasEnvironmentKey: () => environmentGiven,
    hasAny: async () => (await redis.scard(selectorsKey(prefix))) > 0,
    managed: createManagedKeys({ redis, prefix, clock, hasher, forgetAll }),
    onRevoked: (listener) => void listeners.push(listener),
  };
}

/** Notes uses without anybody waiting for it. One that fails is noted by the next use. */
function createUseNotes(redis: Redis, prefix: string, clock: Clock): (selector: string) => void {
  const notedAt = new Map<string, number>();
  return (selector) => {
    const at = notedAt.get(selector);
    if (at !== undefined && clock.monotonic() - at < USE_NOTED_EVERY_MS) return;
    if (notedAt.size >= CACHE_SIZE) notedAt.clear();
    notedAt.set(selector, clock.monotonic());
    // XX: a key that was taken back meanwhile does not come back; GT: time never runs backwards.
    redis.zadd(lastUsesKey(prefix), 'XX', 'GT', clock.now(), selector).catch(() => {
      notedAt.delete(selector);
    });
  };
}
