import type { Cooldown } from '@understudy/contracts';
import { openTestRedis, uniqueKeyPrefix } from '../../../../test/support/redis.ts';
import { createCooldowns } from '../cooldowns.ts';
import type { Cooldowns, FailureReport } from '../cooldowns.ts';
import { createPauses } from '../pauses.ts';
import type { Pauses } from '../pauses.ts';

export const NOON = Date.UTC(2026, 10, 22, 12);

export interface CooledTarget {
  prefix: string;
  cooldowns: Cooldowns;
  pauses: Pauses;
  /** Reports a failure at model `m` of provider `a` that cools at once for a minute. */
  fail(given?: Partial<FailureReport>): Promise<Cooldown | undefined>;
  /** Reports a failure that counts, of this job. */
  count(jobId: string, given?: Partial<FailureReport>): Promise<Cooldown | undefined>;
}

/** Cool-downs over keys of their own. */
export function openCooldowns(): CooledTarget {
  const prefix = uniqueKeyPrefix();
  const redis = openTestRedis();
  const cooldowns = createCooldowns(redis, prefix);
  const fail: CooledTarget['fail'] = (given) => cooldowns.reportFailure(failure(given));
  return {
    prefix,
    cooldowns,
    pauses: createPauses(redis, prefix),
    fail,
    count: (jobId, given) => fail({ counted: true, jobId, holder: `${jobId}.1`, ...given }),
  };
}

function failure(given: Partial<FailureReport> = {}): FailureReport {
  return {
    provider: 'a',
    scope: 'model',
    model: 'm',
    now: NOON,
    counted: false,
    jobId: 'job_1',
    callStartedAt: NOON,
    holder: 'job_1.1',
    delayMs: 60_000,
    rule: 'default.status_429',
    ...given,
  };
}
