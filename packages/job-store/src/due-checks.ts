import { gatherCalls, repliesOf } from '@understudy/runtime';
import type { Redis, Several } from '@understudy/runtime';
import { z } from 'zod';
import { SHARD_COUNT, dueKey, jobKeys, parseMember } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';
import type { JobStore } from './job-store.ts';

const textsSchema = z.array(z.string());

/** Which jobs are to be looked at, and when. */
export type DueChecks = Pick<JobStore, 'due' | 'postpone' | 'forgetDue'>;

export function createDueChecks(redis: Redis, prefix: string): DueChecks {
  const keysOf = (job: JobReference) => jobKeys(prefix, job);
  // Of those who began to wait together many are looked at together.
  const postpone = gatherCalls(
    ({ due }) => due,
    async (some: Several<{ due: string; member: string; dueAt: number }>) => {
      const members = some.flatMap(({ dueAt, member }) => [dueAt, member]);
      await redis.zadd(some[0].due, 'XX', ...members);
      return some.map(() => undefined);
    },
  );
  return {
    due: async (now, limit) => {
      const pipeline = redis.pipeline();
      for (let shard = 0; shard < SHARD_COUNT; shard += 1) {
        pipeline.zrangebyscore(dueKey(prefix, shard), 0, now, 'LIMIT', 0, limit);
      }
      const members = await repliesOf(pipeline.exec());
      return members.flatMap((page) => textsSchema.parse(page).map(parseMember));
    },

    postpone: (job, dueAt) => {
      const { due, member } = keysOf(job);
      return postpone({ due, member, dueAt });
    },

    forgetDue: async (job) => {
      const keys = keysOf(job);
      await redis.zrem(keys.due, keys.member);
    },
  };
}
