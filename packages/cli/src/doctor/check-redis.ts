import { once } from 'node:events';
import type { Settings } from '@understudy/configuration';
import {
  createLogger,
  DURABILITY_REMEDY,
  openRedis,
  readRedisDurability,
  readRedisMemory,
  withoutPassword,
  type RedisDurability,
} from '@understudy/runtime';
import type { Session } from '../session.ts';
import { fail, ok, reasonOf, warn, type Finding } from './finding.ts';
import { memoryFinding } from './memory-finding.ts';

const ABOUT = 'Redis';
const CONNECT_TIMEOUT_MS = 5000;

/**
 * Whether the Redis at REDIS_URL keeps what it acknowledges, and has room for new jobs; nothing where
 * none is named.
 * @param settings what the configuration says of it, which does not hang on the providers' secrets;
 *   undefined where it cannot be read without them either, and no service would start by it
 */
export async function checkRedis(
  { environment, signal }: Pick<Session, 'environment' | 'signal'>,
  settings: Settings['redis'] | undefined,
): Promise<Finding[]> {
  const url = environment['REDIS_URL'] ?? '';
  if (url === '') return [];
  // By itself it would try for ever, and log it.
  const redis = openRedis(url, 'patient', createLogger('doctor', 'silent'));
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]);
    if (redis.status !== 'ready') await once(redis, 'ready', { signal: deadline });
    const durability = await readRedisDurability(redis);
    const kept = durabilityFindings(durability, settings?.durability ?? 'checked');
    if (settings === undefined || durability.unfit.length > 0) return kept;
    return [
      ...kept,
      memoryFinding(await readRedisMemory(redis, settings.memoryBudgetBytes), settings),
    ];
  } catch (error) {
    signal.throwIfAborted();
    const reason = redis.status === 'ready' ? reasonOf(error) : 'it does not answer';
    return [
      fail(ABOUT, `${withoutPassword(url)}: ${reason}; check REDIS_URL, and that Redis runs there`),
    ];
  } finally {
    redis.disconnect();
  }
}

/** Services refuse a Redis that is to be `checked` and has problems. */
function durabilityFindings(
  { unfit, problems, warnings }: RedisDurability,
  durability: Settings['redis']['durability'],
): Finding[] {
  if (unfit.length + problems.length + warnings.length === 0) {
    return [ok(ABOUT, 'keeps what it acknowledges')];
  }
  return [
    ...unfit.map((reason) => fail(ABOUT, reason)),
    ...problems.map((problem) =>
      durability === 'assumed'
        ? warn(ABOUT, `${problem} (the configuration says "durability: assumed")`)
        : fail(ABOUT, `${problem} (or, ${DURABILITY_REMEDY})`),
    ),
    ...warnings.map((warning) => warn(ABOUT, warning)),
  ];
}
