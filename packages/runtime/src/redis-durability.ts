import { Cluster } from 'ioredis';
import type { Redis as SingleRedis } from 'ioredis';
import { z } from 'zod';
import { serversOf } from './redis-servers.ts';
import type { Redis } from './redis.ts';

const OLDEST_MAJOR = 7;

/** Whether this Redis keeps what it acknowledges, as far as it says. */
export interface RedisDurability {
  /** Why the broker cannot run with it at all, however well it keeps jobs. */
  unfit: string[];
  /** Each with its remedy; with any of these, accepted jobs can be lost. */
  problems: string[];
  /** What narrows the promise without breaking it. */
  warnings: string[];
}

/**
 * Asks Redis how it keeps data; one round trip, and another where it does not let that be read. Of a
 * cluster all servers count, also the replicas, each of which may be a master tomorrow.
 * @throws when Redis does not answer at all
 */
export async function readRedisDurability(redis: Redis): Promise<RedisDurability> {
  const asked = await serversOf(redis);
  const isCluster = redis instanceof Cluster;
  const found = await Promise.all(asked.map((server) => readServer(server, isCluster)));
  return {
    unfit: distinct(found.flatMap(({ unfit }) => unfit)),
    problems: distinct(found.flatMap(({ problems }) => problems)),
    warnings: distinct(found.flatMap(({ warnings }) => warnings)),
  };
}

/**
 * What is still asked of a Redis for whose durability the operator answers: whether the broker can run
 * with it at all. One that does not say is taken.
 * @throws when Redis does not answer at all
 */
export async function readAssumedDurability(redis: Redis): Promise<RedisDurability> {
  let unfit: string[] = [];
  try {
    ({ unfit } = await readRedisDurability(redis));
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  return { unfit, problems: [], warnings: [] };
}

/** Servers that are set up alike say the same. */
function distinct(lines: readonly string[]): string[] {
  return [...new Set(lines)];
}

async function readServer(redis: SingleRedis, isInCluster: boolean): Promise<RedisDurability> {
  let pairs: string[];
  try {
    pairs = z
      .array(z.string())
      .parse(
        await redis.config(
          'GET',
          'appendonly',
          'appendfsync',
          'maxmemory-policy',
          'cluster-enabled',
        ),
      );
  } catch (error) {
    return judgeRefusal(redis, error);
  }
  const config = new Map<string, string>();
  for (let index = 0; index < pairs.length; index += 2) {
    config.set(pairs[index] ?? '', pairs[index + 1] ?? '');
  }
  const judged = judgeRedisConfig(config);
  if (isInCluster || config.get('cluster-enabled') !== 'yes') return judged;
  return {
    ...judged,
    problems: [
      'it is one server of a cluster and holds a part of the keys; ' +
        'write REDIS_URL as redis+cluster://host:port,host:port',
      ...judged.problems,
    ],
  };
}

/**
 * Why CONFIG was not answered. Whether Redis is too old is asked in another way then.
 * @throws what says nothing of CONFIG: no answer, a client that is not let in at all, a Redis that is
 *   busy or still loads
 */
async function judgeRefusal(redis: SingleRedis, error: unknown): Promise<RedisDurability> {
  if (!isRefusal(error)) throw error;
  // Services that forbid CONFIG put it in words of their own.
  if (!/^(?:NOPERM|ERR) /.test(error.message)) throw error;
  // Before 7.0 one setting was asked for at a time.
  const isOld = /^ERR .*wrong number of arguments/i.test(error.message);
  if (isOld || (await saysItIsOld(redis))) {
    const unfit = ['it is older than Redis 7.0; wanted is Redis 7 or later, or Valkey'];
    return { unfit, problems: [], warnings: [] };
  }
  const problem =
    'Redis does not let CONFIG be read, so nothing shows that it keeps what it acknowledges; ' +
    'let this user call "CONFIG GET"';
  return { unfit: [], problems: [problem], warnings: [] };
}

/** Only Redis itself refuses by a ReplyError; anything else is no answer. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}

/** Valkey, too, tells the version of Redis whose commands it knows. One that tells none is not old. */
async function saysItIsOld(redis: SingleRedis): Promise<boolean> {
  let told: string;
  try {
    told = await redis.info('server');
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return false;
  }
  const major = /^redis_version:(\d+)\./m.exec(told)?.[1];
  return major !== undefined && Number(major) < OLDEST_MAJOR;
}

/** What an operator may do instead of setting Redis up otherwise. */
export const DURABILITY_REMEDY =
  'if it keeps jobs all the same, or losing them is fine, set "redis: { durability: assumed }" in the configuration';

/** One sentence for the operator, with every remedy; undefined where nothing is to be refused. */
export function durabilityRefusal({ unfit, problems }: RedisDurability): string | undefined {
  if (unfit.length > 0) return `the broker cannot run with this Redis: ${unfit.join('; ')}`;
  if (problems.length === 0) return undefined;
  return `this Redis cannot keep what it accepts: ${problems.join('; ')} (or, ${DURABILITY_REMEDY})`;
}

/** Pure: what the settings of a Redis mean for accepted jobs. */
export function judgeRedisConfig(config: ReadonlyMap<string, string>): RedisDurability {
  const problems: string[] = [];
  const warnings: string[] = [];
  const policy = config.get('maxmemory-policy');
  if (policy !== 'noeviction') {
    problems.push(
      `maxmemory-policy is "${policy}", so Redis may drop jobs when memory is short; ` +
        'set "maxmemory-policy noeviction"',
    );
  }
  if (config.get('appendonly') !== 'yes') {
    problems.push(
      'appendonly is off, so a restart of Redis loses jobs; ' +
        'set "appendonly yes" and "appendfsync always"',
    );
  } else if (config.get('appendfsync') !== 'always') {
    warnings.push(
      `appendfsync is "${config.get('appendfsync')}": a power loss can take the last second of ` +
        'accepted jobs; "always" keeps them',
    );
  }
  return { unfit: [], problems, warnings };
}
