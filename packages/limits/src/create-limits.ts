import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { countedSets, freeAbandoned, jobAdmission, limitsJobs } from './admit-jobs.ts';
import type { Holder } from './caller.ts';
import { requestCounter } from './count-request.ts';
import type { LimitCounters, Use } from './limit-counters.ts';
import { useReader } from './read-use.ts';

/** @param bytesKey where the bytes of a project's files are counted: a hash by key, and `project` */
export function createLimits(
  redis: Redis,
  prefix: string,
  bytesKey: (project: string) => string,
): LimitCounters {
  const place = { redis, prefix, bytesKey, unfinishedLooks: new Map<string, number>() };
  const use = useReader(place);
  return {
    countRequest: requestCounter(place),
    admitJobs: jobAdmission(place),
    use,

    room: async (project, holders, now) => {
      if (!limitsJobs(holders)) return Infinity;
      const room = roomOf(holders, await use(project, holders, now));
      if (room > 0 || !(await freeAbandoned(place, project, holders, now))) return room;
      return roomOf(holders, await use(project, holders, now));
    },

    releaseJobs: async (project, holders, ids) => {
      if (ids.length === 0) return;
      const pipeline = redis.pipeline();
      for (const set of countedSets(place, project, holders)) pipeline.zrem(set, ...ids);
      await repliesOf(pipeline.exec());
    },
  };
}

function roomOf(holders: readonly Holder[], uses: readonly Use[]): number {
  const rooms = holders.map(({ limits }, index) => {
    const { jobsWaiting = 0, spentToday = 0 } = uses[index] ?? {};
    if (spentToday >= (limits.spend_per_day ?? Infinity)) return 0;
    return Math.max(0, (limits.jobs_waiting ?? Infinity) - jobsWaiting);
  });
  return Math.min(...rooms);
}
