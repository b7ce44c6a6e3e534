import { NANOS_PER_USD, isTerminal, jobStatusSchema, utcDay } from '@understudy/contracts';
import { admittedKey, jobKeys, unfinishedKey } from '@understudy/job-store';
import { loadScript, repliesOf, replyList, replyText } from '@understudy/runtime';
import type { Holder } from './caller.ts';
import type { AdmittedJobs, LimitCounters, LimitPlace } from './limit-counters.ts';
import { admittedOfKey, spendKey, waitingOfKey } from './limit-keys.ts';
import { exceeded, secondsToMidnight } from './policy-state.ts';
import { nanosOrNone } from './nanos-or-none.ts';

const script = loadScript(new URL('./scripts/admit-jobs.lua', import.meta.url));

/** A job that is made at all is made long before, */
const ABANDONED_AFTER_MS = 60_000;
/** and so many places are looked at when one is missing. */
const LOOKED_AT = 100;
/** Of unfinished jobs nearly all are unfinished: those of a project are looked at no oftener. */
const UNFINISHED_LOOK_MS = 10_000;
/** A worker has ended some job by then, and the scheduler has told of it. */
const JOBS_RETRY_SECONDS = 2;

type Place = Pick<LimitPlace, 'redis' | 'prefix' | 'unfinishedLooks'>;

/** Whether anything limits how many jobs there may be. */
export function limitsJobs(holders: readonly Holder[]): boolean {
  return holders.some(
    ({ limits }) => limits.jobs_waiting !== undefined || limits.spend_per_day !== undefined,
  );
}

/** As LimitCounters promises it. */
export function jobAdmission(place: Place): LimitCounters['admitJobs'] {
  return async (project, holders, ids, now) => {
    if (!limitsJobs(holders) || ids.length === 0) {
      return { admitted: ids.length, taken: 0, violated: [] };
    }
    const first = await admit(place, project, holders, ids, now);
    const isFull = first.violated.some(({ limit }) => limit === 'jobs_waiting');
    if (!isFull || !(await freeAbandoned(place, project, holders, now))) return first;
    const second = await admit(place, project, holders, ids, now);
    return { ...second, taken: first.taken + second.taken };
  };
}

async function admit(
  { redis, prefix }: Place,
  project: string,
  holders: readonly Holder[],
  ids: readonly string[],
  now: number,
): Promise<AdmittedJobs> {
  const [own, key] = pairOf(holders);
  const reply = await script.run(
    redis,
    [
      spendKey(prefix, project, utcDay(now)),
      unfinishedKey(prefix, project),
      admittedKey(prefix, project),
      waitingOfKey(prefix, project, key?.key ?? ''),
      admittedOfKey(prefix, project, key?.key ?? ''),
    ],
    [
      now,
      own?.limits.jobs_waiting ?? '',
      key?.limits.jobs_waiting ?? '',
      nanosOrNone(own?.limits.spend_per_day),
      nanosOrNone(key?.limits.spend_per_day),
      key?.key ?? '',
      ...ids,
    ],
  );
  const [admitted = 0, taken = 0, ...used] = replyList(reply).map((value) =>
    Number(replyText(value)),
  );
  if (admitted === ids.length) return { admitted, taken, violated: [] };
  const violated = [own, key].flatMap((holder, index) => {
    if (holder === undefined) return [];
    const jobs = (used[index] ?? 0) + taken;
    const spent = (used[index + 2] ?? 0) / NANOS_PER_USD;
    return [
      ...exceeded(holder, 'jobs_waiting', jobs, JOBS_RETRY_SECONDS),
      ...exceeded(holder, 'spend_per_day', spent, secondsToMidnight(now)),
    ];
  });
  return { admitted, taken, violated };
}

/**
 * Gives up places whose jobs were never made, or ended before anybody heard; also those of ended jobs
 * that a relay took for unfinished, which stood still while another one told of their end.
 * @returns whether there were any
 */
export async function freeAbandoned(
  place: Place,
  project: string,
  holders: readonly Holder[],
  now: number,
): Promise<boolean> {
  const { redis, prefix } = place;
  const before = String(now - ABANDONED_AFTER_MS);
  let freed = 0;
  const unfinished = looksAtUnfinished(place, project, holders, now);
  for (const set of [...countedSets(place, project, holders), ...unfinished]) {
    const ids = await redis.zrange(set, '-inf', before, 'BYSCORE', 'LIMIT', 0, LOOKED_AT);
    const pipeline = redis.pipeline();
    for (const id of ids) pipeline.hget(jobKeys(prefix, { project, id }).record, 'st');
    const statuses = await repliesOf(pipeline.exec());
    const gone = ids.filter((_, index) => {
      const status = jobStatusSchema.nullable().parse(statuses[index]);
      return status === null || isTerminal(status);
    });
    if (gone.length > 0) freed += await redis.zrem(set, ...gone);
  }
  return freed > 0;
}

/** The set of unfinished jobs, where it counts for the project's limit and was not looked at lately. */
function looksAtUnfinished(
  { prefix, unfinishedLooks }: Place,
  project: string,
  holders: readonly Holder[],
  now: number,
): string[] {
  const [own] = pairOf(holders);
  const last = unfinishedLooks.get(project) ?? -Infinity;
  if (own?.limits.jobs_waiting === undefined || now - last < UNFINISHED_LOOK_MS) return [];
  unfinishedLooks.set(project, now);
  return [unfinishedKey(prefix, project)];
}

/** The sets that jobs are put into when they are admitted, of those who have a limit. */
export function countedSets(
  { prefix }: Pick<Place, 'prefix'>,
  project: string,
  holders: readonly Holder[],
): string[] {
  const [own, key] = pairOf(holders);
  return [
    ...(own?.limits.jobs_waiting === undefined ? [] : [admittedKey(prefix, project)]),
    ...(key?.limits.jobs_waiting === undefined
      ? []
      : [admittedOfKey(prefix, project, key.key), waitingOfKey(prefix, project, key.key)]),
  ];
}

function pairOf(holders: readonly Holder[]): [own: Holder | undefined, key: Holder | undefined] {
  return [
    holders.find(({ kind }) => kind === 'project'),
    holders.find(({ kind }) => kind === 'key'),
  ];
}
