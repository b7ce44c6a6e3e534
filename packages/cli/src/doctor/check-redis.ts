import { once } from 'node:events';
import type { Settings } from '@understudy/configuration';
import {
  createLogger,
  DURABILITY_REMEDY,
  openRedis,
  readRedisDurability,
  withoutPassword,
} from '@understudy/runtime';
import type { Session } from '../session.ts';
import { fail, ok, reasonOf, warn, type Finding } from './finding.ts';

const CONNECT_TIMEOUT_MS = 5000;

/**
 * Whether the Redis at REDIS_URL keeps what it acknowledges; nothing where none is named.
 * @param durability what the configuration says of it; services refuse what is `checked` and does not
 */
export async function checkRedis(
  { environment, signal }: Pick<Session, 'environment' | 'signal'>,
  durability: Settings['redis']['durability'],
): Promise<Finding[]> {
  const url = environment['REDIS_URL'] ?? '';
  if (url === '') return [];
  const about = 'Redis';
  // By itself it would try for ever, and log it.
  const redis = openRedis(url, 'patient', createLogger('doctor', 'silent'));
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]);
    if (redis.status !== 'ready') await once(redis, 'ready', { signal: deadline });
    const { unfit, problems, warnings } = await readRedisDurability(redis);
    return [
      ...unfit.map((reason) => fail(about, reason)),
      ...problems.map((problem) =>
        durability === 'assumed'
          ? warn(about, `${problem} (the configuration says "durability: assumed")`)
          : fail(about, `${problem} (or, ${DURABILITY_REMEDY})`),
      ),
      ...warnings.map((warning) => warn(about, warning)),
      ...(unfit.length + problems.length + warnings.length === 0
        ? [ok(about, 'keeps what it acknowledges')]
        : []),
    ];
  } catch (error) {
    signal.throwIfAborted();
    const reason = redis.status === 'ready' ? reasonOf(error) : 'it does not answer';
    return [
      fail(about, `${withoutPassword(url)}: ${reason}; check REDIS_URL, and that Redis runs there`),
    ];
  } finally {
    redis.disconnect();
  }
}
