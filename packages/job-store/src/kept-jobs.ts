import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { jobKeys, shardOf } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';

/**
 * Those of the jobs, each named once, that have a record. One command for each shard, and one more for
 * each job of a shard that lacks some.
 */
export async function keptJobs<Job extends JobReference>(
  redis: Redis,
  prefix: string,
  jobs: readonly Job[],
): Promise<Job[]> {
  const shards = [...Map.groupBy(jobs, ({ id }) => shardOf(id)).values()];
  const counts = await countRecords(redis, prefix, shards);
  const isWhole = (some: readonly Job[], index: number): boolean => counts[index] === some.length;
  const single = shards
    .filter((some, index) => !isWhole(some, index) && counts[index] !== 0)
    .flat()
    .map((job) => [job]);
  const found = await countRecords(redis, prefix, single);
  return [...shards.filter(isWhole), ...single.filter((_, index) => found[index] === 1)].flat();
}

/** @param groups each of one shard */
async function countRecords(
  redis: Redis,
  prefix: string,
  groups: readonly (readonly JobReference[])[],
): Promise<number[]> {
  if (groups.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const jobs of groups) pipeline.exists(...jobs.map((job) => jobKeys(prefix, job).record));
  return (await repliesOf(pipeline.exec())).map(Number);
}
