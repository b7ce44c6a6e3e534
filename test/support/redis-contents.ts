import type { Redis } from '../../packages/runtime/src/index.ts';
import { matchingKeys } from './matching-keys.ts';

/** Everything that Redis holds under a prefix, names and values, as text that can be searched. */
export async function redisContents(redis: Redis, keyPrefix: string): Promise<string> {
  const names = await matchingKeys(redis, `*${keyPrefix}*`);
  const values = await Promise.all(names.map((name) => contentOf(redis, name)));
  return names.map((name, index) => `${name} = ${values[index]}`).join('\n');
}

async function contentOf(redis: Redis, name: string): Promise<string> {
  const type = await redis.type(name);
  switch (type) {
    case 'string':
      return (await redis.get(name)) ?? '';
    case 'hash':
      return JSON.stringify(await redis.hgetall(name));
    case 'list':
      return JSON.stringify(await redis.lrange(name, 0, -1));
    case 'set':
      return JSON.stringify(await redis.smembers(name));
    case 'zset':
      return JSON.stringify(await redis.zrange(name, '0', '-1'));
    case 'stream':
      return JSON.stringify(await redis.xrange(name, '-', '+'));
    case 'none':
      return '';
    default:
      throw new Error(`${name} is of type ${type}, which nobody reads yet`);
  }
}
