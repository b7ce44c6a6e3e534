import { NANOS_PER_USD, utcDay } from '@understudy/contracts';
import { loadScript, replyList, replyText } from '@understudy/runtime';
import { limitsRequests } from './caller.ts';
import type { Holder } from './caller.ts';
import type { CountedRequest, LimitCounters, LimitPlace } from './limit-counters.ts';
import { requestsKey, spendKey } from './limit-keys.ts';
import { exceeded, secondsToMidnight, secondsUntil, stateOf } from './policy-state.ts';
import type { PolicyState } from './quota-exceeded.ts';
import { nanosOrNone } from './nanos-or-none.ts';

const script = loadScript(new URL('./scripts/count-request.lua', import.meta.url));

export const WINDOW_SECONDS = 60;

/** As LimitCounters promises it. */
export function requestCounter({
  redis,
  prefix,
}: Pick<LimitPlace, 'redis' | 'prefix'>): LimitCounters['countRequest'] {
  return async (project, holders, now) => {
    const bound = holders.filter(limitsRequests);
    if (bound.length === 0) return { states: [], violated: [] };
    const keys = [
      spendKey(prefix, project, utcDay(now)),
      ...bound.map(({ key }) => requestsKey(prefix, project, key)),
    ];
    const reply = await script.run(redis, keys, [now, ...bound.flatMap(limitsFor)]);
    const [counted = 0, ...rows] = replyList(reply).map((value) => Number(replyText(value)));
    const found = bound.map((holder, index) =>
      readRow(holder, rows.slice(3 * index), counted, now),
    );
    return {
      states: found.flatMap(({ states }) => states),
      violated: found.flatMap(({ violated }) => violated),
    };
  };
}

function limitsFor({ key, limits }: Holder): (string | number)[] {
  return [
    key === '' ? 'project' : key,
    limits.requests_per_minute ?? '',
    nanosOrNone(limits.spend_per_day),
  ];
}

function readRow(
  holder: Holder,
  [before = 0, oldest = 0, spent = 0]: readonly number[],
  counted: number,
  now: number,
): CountedRequest {
  const quota = holder.limits.requests_per_minute;
  const states: PolicyState[] = [];
  if (quota !== undefined) {
    const freeAt = (oldest + WINDOW_SECONDS + 1) * 1000;
    const resetSeconds = oldest === 0 ? WINDOW_SECONDS : secondsUntil(freeAt, now);
    states.push(stateOf(holder, 'requests_per_minute', quota, before + counted, resetSeconds));
  }
  if (counted === 1) return { states, violated: [] };
  return {
    states,
    violated: [
      ...states.filter(({ used, quota: most }) => used >= most),
      ...exceeded(holder, 'spend_per_day', spent / NANOS_PER_USD, secondsToMidnight(now)),
    ],
  };
}
