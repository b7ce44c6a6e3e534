import { gatherCalls, loadScript, repliesOf } from '@understudy/runtime';
import type { Redis, Several } from '@understudy/runtime';
import { z } from 'zod';
import { SHARD_COUNT, dueKey, jobKeys, parseMember } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';
import type { JobStore } from './job-store.ts';

const textsSchema = z.array(z.string());
const moveDueScript = loadScript(new URL('./scripts/move-due.lua', import.meta.url));

/** Which jobs are to be looked at, and when. */
export type DueChecks = Pick<JobStore, 'due' | 'isDue' | 'postpone' | 'hasten' | 'forgetDue'>;

/** A job that was found due at `now`. */
interface FoundDue {
  due: string;
  member: string;
  now: number;
}

export function createDueChecks(redis: Redis, prefix: string): DueChecks {
  const found = (job: JobReference, now: number): FoundDue => {
    const { due, member } = jobKeys(prefix, job);
    return { due, member, now };
  };
  // Of those who began to wait together many are looked at together.
  const move = gatherCalls(
    ({ due }) => due,
    async (some: Several<FoundDue & { next: number | '' }>) => {
      const jobs = some.flatMap(({ member, now, next }) => [member, now, next]);
      await moveDueScript.run(redis, [some[0].due], jobs);
      return some.map(() => undefined);
    },
  );
  const isDue = gatherCalls(
    ({ due }) => due,
    async (some: Several<FoundDue>) => {
      const scores = await redis.zmscore(some[0].due, ...some.map(({ member }) => member));
      return some.map(({ now }, index) => {
        const score = scores[index] ?? null;
        return score !== null && Number(score) <= now;
      });
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
    isDue: (job, now) => isDue(found(job, now)),
    postpone: (job, now, next) => move({ ...found(job, now), next }),
    hasten: async (jobs, latest) => {
      const keys = jobs.map((job) => jobKeys(prefix, job));
      const pipeline = redis.pipeline();
      for (const [due, some] of Map.groupBy(keys, (of) => of.due)) {
        pipeline.zadd(due, 'XX', 'LT', ...some.flatMap(({ member }) => [latest, member]));
      }
      await repliesOf(pipeline.exec());
    },
    forgetDue: (job, now) => move({ ...found(job, now), next: '' }),
  };
}
