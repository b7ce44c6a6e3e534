import { loadScript, replyList } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { jobKeys, shardOf } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';
import type { JobStore } from './job-store.ts';

const moveScript = loadScript(new URL('./scripts/move-result.lua', import.meta.url));

/** As JobStore promises it. */
export function resultMoving(redis: Redis, prefix: string): JobStore['moveResults'] {
  return async (jobs, file, keepMs) => {
    const shards = Map.groupBy(jobs, ({ id }) => shardOf(id));
    const moved = new Set<JobReference>();
    await Promise.all(
      [...shards.values()].map(async (some) => {
        const keys = some.flatMap((job) => {
          const { record, request, attempts, result } = jobKeys(prefix, job);
          return [record, request, attempts, result];
        });
        const flags = replyList(await moveScript.run(redis, keys, [file, keepMs]));
        for (const [index, job] of some.entries()) if (Number(flags[index]) === 1) moved.add(job);
      }),
    );
    return jobs.map((job) => moved.has(job));
  };
}
