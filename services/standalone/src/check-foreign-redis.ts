import type { Settings } from '@understudy/configuration';
import {
  durabilityRefusal,
  openRedisOnce,
  pingRedis,
  readAssumedDurability,
  readRedisDurability,
  withoutPassword,
} from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { StartError } from './start-error.ts';

const ANSWER_TIMEOUT_MS = 2000;

/**
 * Says once, before anything is started, what every service would say of a Redis that does not let
 * them in, is too old or, with `checked`, loses jobs. One that does not answer is no reason not to start: the
 * services wait for it.
 * @throws StartError for a URL that leads nowhere, a wrong password, or a Redis that cannot keep
 *   what it accepts
 */
export async function checkForeignRedis(
  url: string,
  durability: Settings['redis']['durability'],
  say: (line: string) => void,
): Promise<void> {
  const redis = connect(url);
  // A cluster says only by an event why none of its servers lets anybody in.
  let reasons = '';
  redis.on('error', (error: Error) => (reasons += ` ${reasonOf(error)}`));
  try {
    await pingRedis(redis);
    const read = durability === 'assumed' ? readAssumedDurability : readRedisDurability;
    const refusal = durabilityRefusal(await read(redis));
    if (refusal !== undefined) throw new StartError(refusal);
  } catch (error) {
    if (error instanceof StartError) throw error;
    const [refused] = /\b(?:NOAUTH|WRONGPASS)\b/.exec(`${reasonOf(error)}${reasons}`) ?? [];
    if (refused !== undefined) {
      throw new StartError(
        `the Redis at ${withoutPassword(url)} wants another password (${refused}); write it into REDIS_URL as redis://:<password>@<host>:<port>, with @, / and : in it as %40, %2F and %3A.`,
      );
    }
    say(`The Redis at ${withoutPassword(url)} does not answer yet; the services wait for it.`);
  } finally {
    redis.disconnect();
  }
}

function connect(url: string): Redis {
  try {
    return openRedisOnce(url, ANSWER_TIMEOUT_MS);
  } catch (error) {
    throw new StartError(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const last = 'lastNodeError' in error ? ` ${reasonOf(error.lastNodeError)}` : '';
  return `${error.message}${last}`;
}
