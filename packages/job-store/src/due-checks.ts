import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { z } from 'zod';
import { SHARD_COUNT, dueKey, jobKeys, parseMember } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';
import type { JobStore } from './job-store.ts';

const textsSchema = z.array(z.string());

/** Which jobs are to be looked at, and when. */
export type DueChecks = Pick<JobStore, 'due' | 'postpone' | 'forgetDue'>;

export function createDueChecks(redis: Redis, prefix: string): DueChecks {
  const keysOf = (job: JobReference) => jobKeys(prefix, job);
  return {
    due: async (now, limit) => {
      const pipeline = redis.pipeline();
      for (let shard = 0; shard < SHARD_COUNT; shard += 1) {
        pipeline.zrangebyscore(dueKey(prefix, shard), 0, now, 'LIMIT', 0, limit);
      }
      const members = await repliesOf(pipeline.exec());
      return members.flatMap((page) => textsSchema.parse(page).map(parseMember));
    },

    postpone: async (job, dueAt) => {
      const keys = keysOf(job);
      await redis.zadd(keys.due, 'XX', dueAt, keys.member);
    },

    forgetDue: async (job) => {
      const keys = keysOf(job);
      await redis.zrem(keys.due, keys.member);
    },
  };
}
