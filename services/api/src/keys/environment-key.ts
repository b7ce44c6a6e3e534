import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger, Redis, Refuse } from '@understudy/runtime';
import type { ApiKeys } from './api-keys.ts';

/** A Redis that is slow to answer may be in time at the next try. */
const RETRY_MS = 1000;

const NO_KEY =
  'there is no API key, so nobody could call; set UNDERSTUDY_API_KEY to a secret of 16 characters or more';

export interface EnvironmentKey {
  /**
   * True while Redis knows the key, or that of a process that started later, as far as this process
   * can tell; where none is set, once it knows any.
   */
  isRegistered(): boolean;
}

const GIVEN_WAY =
  'UNDERSTUDY_API_KEY opens nothing any more: a process that started later has another one; give all replicas the same';

/**
 * Registers the environment's key now and whenever Redis comes back, which may have lost it. That of a
 * process that started later stays then: by one that goes on with a key that was changed meanwhile,
 * perhaps because it leaked, the old one would come back with every break of its connection.
 * Without one the broker goes on only if some key can be used: nobody is let in without.
 * @param refuse called, once Redis answers, with how to set a key where it knows none
 */
export async function registerKey(
  redis: Redis,
  keys: ApiKeys,
  apiKey: string | undefined,
  logger: Logger,
  refuse?: Refuse,
): Promise<EnvironmentKey> {
  if (apiKey === undefined) return expectSomeKey(redis, keys, refuse);
  let registered = false;
  const register = async (): Promise<boolean> => {
    try {
      const isOurs = await keys.registerEnvironmentKey(apiKey);
      if (!isOurs) logger.warn(GIVEN_WAY);
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

async function expectSomeKey(
  redis: Redis,
  keys: ApiKeys,
  refuse: Refuse | undefined,
): Promise<EnvironmentKey> {
  let isKnown = false;
  const look = async (): Promise<void> => {
    while (!isKnown && redis.status === 'ready') {
      const hasAny = await keys.hasAny().catch(() => undefined);
      if (hasAny === false) return refuse?.(NO_KEY);
      if (hasAny === undefined) await sleep(RETRY_MS);
      else isKnown = true;
    }
  };
  redis.on('ready', () => void look());
  await look();
  return { isRegistered: () => isKnown };
}
