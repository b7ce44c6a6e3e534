import { loadScript } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { batchKeys } from './batch-keys.ts';

const trimScript = loadScript(new URL('./scripts/trim-list.lua', import.meta.url));

/** More than come with one call, so that a list that has grown long gets shorter. */
const LOOKED_AT = 20;

/**
 * Takes some of the oldest batches out of a project's list that are no longer kept: nobody may ever list
 * that far back. @returns how many
 */
export async function trimList(
  redis: Redis,
  keyPrefix: string,
  project: string,
  list: string,
): Promise<number> {
  const ids = await redis.zrange(list, '0', String(LOOKED_AT - 1));
  const records = ids.map((id) => batchKeys(keyPrefix, { project, id }).record);
  return Number(await trimScript.run(redis, [list, ...records], ids));
}
