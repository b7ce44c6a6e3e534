import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger, Redis } from '@understudy/runtime';
import type { ApiKeys } from './api-keys.ts';

const LONGEST_START_MS = 5000;
/** A Redis that is slow to answer may be in time at the next try. */
const RETRY_MS = 1000;

export interface EnvironmentKey {
  /** True while Redis knows the key, as far as this process can tell, or when there is none. */
  isRegistered(): boolean;
}

/**
 * Registers the environment's key now and whenever Redis comes back, which may have lost it.
 * Without one the broker starts only if some key can be used: nobody is let in without.
 * @throws Error saying how to set a key
 */
export async function registerKey(
  redis: Redis,
  keys: ApiKeys,
  apiKey: string | undefined,
  logger: Logger,
): Promise<EnvironmentKey> {
  if (apiKey === undefined) {
    await expectSomeKey(redis, keys);
    return { isRegistered: () => true };
  }
  let registered = false;
  const register = async (): Promise<boolean> => {
    try {
      await keys.registerEnvironmentKey(apiKey);
      registered = true;
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn({ reason }, 'the API key could not be registered yet');
      return false;
    }
  };
  // Where the connection breaks again, the next one that is ready brings the next try.
  const persist = async (): Promise<void> => {
    while (redis.status === 'ready' && !(await register())) await sleep(RETRY_MS);
  };
  redis.on('ready', () => void persist());
  // It may come back without the key.
  redis.on('close', () => (registered = false));
  if (redis.status === 'ready' && !(await register())) void persist();
  return { isRegistered: () => registered };
}

async function expectSomeKey(redis: Redis, keys: ApiKeys): Promise<void> {
  const remedy = 'set UNDERSTUDY_API_KEY to a secret of 16 characters or more';
  if (!(await becomesReady(redis))) {
    throw new Error(`no API key is set, and Redis does not answer to tell of others; ${remedy}`);
  }
  if (!(await keys.hasAny()))
    throw new Error(`there is no API key, so nobody could call; ${remedy}`);
}

async function becomesReady(redis: Redis): Promise<boolean> {
  if (redis.status === 'ready') return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), LONGEST_START_MS);
  const onReady = (): void => resolve(true);
  redis.once('ready', onReady);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    redis.off('ready', onReady);
  }
}
