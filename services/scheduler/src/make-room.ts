import type { OpenDispatch } from '@understudy/dispatch';
import { dropOldestFinished, readProjects } from '@understudy/job-store';
import { memoryShare, readRedisMemory } from '@understudy/runtime';

/** Room is made before admission has to stop; whoever watches is warned below it. */
export const SHARE_OF_ADMISSION = 0.9;
const PAGE = 200;
/** One look drops so many pages at most; what is freed shows in the next look. */
const PAGES = 20;

/**
 * Finished jobs go before their time where Redis gets short of memory: the oldest of each project
 * first. Unfinished jobs are never touched. Costs one command while there is room.
 * @returns how many were dropped
 */
export async function makeRoom(dispatch: OpenDispatch): Promise<number> {
  const { redis, keyPrefix, logger, views } = dispatch;
  const { highestMemoryShare, memoryBudgetBytes } = views().settings.redis;
  const isTight = async (): Promise<boolean> =>
    memoryShare(await readRedisMemory(redis, memoryBudgetBytes)) >=
    highestMemoryShare * SHARE_OF_ADMISSION;

  let dropped = 0;
  for (let page = 0; page < PAGES && (await isTight()); page += 1) {
    let droppedNow = 0;
    for (const project of await readProjects(redis, keyPrefix)) {
      droppedNow += await dropOldestFinished(redis, keyPrefix, project, PAGE);
    }
    dropped += droppedNow;
    if (droppedNow === 0) break;
  }
  if (dropped > 0) logger.warn({ dropped }, 'finished jobs were dropped before their time: memory');
  return dropped;
}
