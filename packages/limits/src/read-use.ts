import { NANOS_PER_USD, utcDay } from '@understudy/contracts';
import { admittedKey, unfinishedKey } from '@understudy/job-store';
import { repliesOf } from '@understudy/runtime';
import { z } from 'zod';
import type { Holder } from './caller.ts';
import { WINDOW_SECONDS } from './count-request.ts';
import type { LimitCounters, LimitPlace, Use } from './limit-counters.ts';
import { admittedOfKey, requestsKey, spendKey, waitingOfKey } from './limit-keys.ts';

/** Of each holder: requests, known and admitted jobs, bytes, spending. */
const REPLIES = 5;
const repliesSchema = z.tuple(
  [
    z.record(z.string(), z.coerce.number()),
    z.number(),
    z.number(),
    z.coerce.number(),
    z.coerce.number(),
  ],
  z.unknown(),
);

/** As LimitCounters promises it. */
export function useReader({ redis, prefix, bytesKey }: LimitPlace): LimitCounters['use'] {
  return async (project, holders, now) => {
    const pipeline = redis.pipeline();
    for (const { kind, key } of holders) {
      const ofProject = kind === 'project';
      const field = ofProject ? 'project' : key;
      pipeline
        .hgetall(requestsKey(prefix, project, key))
        .zcard(ofProject ? unfinishedKey(prefix, project) : waitingOfKey(prefix, project, key))
        .zcard(ofProject ? admittedKey(prefix, project) : admittedOfKey(prefix, project, key))
        .hget(bytesKey(project), field)
        .hget(spendKey(prefix, project, utcDay(now)), field);
    }
    const replies = await repliesOf(pipeline.exec());
    return holders.map((holder, index) => useOf(holder, replies.slice(REPLIES * index), now));
  };
}

function useOf({ kind, limits }: Holder, replies: unknown[], now: number): Use {
  const [seconds, known, admitted, bytes, nanos] = repliesSchema.parse(replies);
  const since = Math.floor(now / 1000) - WINDOW_SECONDS;
  const requests = Object.entries(seconds)
    .filter(([second]) => Number(second) >= since)
    .reduce((sum, [, count]) => sum + count, 0);
  const countsJobs = kind === 'project' || limits.jobs_waiting !== undefined;
  return {
    ...(limits.requests_per_minute === undefined ? {} : { requests }),
    ...(countsJobs ? { jobsWaiting: known + admitted } : {}),
    bytesStored: bytes,
    spentToday: nanos / NANOS_PER_USD,
  };
}
