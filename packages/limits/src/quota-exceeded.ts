import { BrokerError, formatDollars } from '@understudy/contracts';
import type { Limits } from '@understudy/contracts';
import type { Holder } from './caller.ts';

/** A limit that counts something. */
export type Counted = Exclude<keyof Limits, 'routes' | 'highest_priority'>;

/** How far somebody has come with a limit. */
export interface PolicyState {
  /** `project-requests`, `key-jobs-waiting`, …: as `RateLimit-Policy` names it. */
  name: string;
  limit: Counted;
  holder: Holder['kind'];
  /** In the unit of the limit. */
  quota: number;
  used: number;
  /** Until something of it is free again; undefined where no time brings it. */
  resetSeconds?: number;
}

const POLICY_NAMES: Readonly<Record<Counted, string>> = {
  requests_per_minute: 'requests',
  jobs_waiting: 'jobs-waiting',
  bytes_stored: 'bytes-stored',
  spend_per_day: 'spend-per-day',
};

export function policyName(holder: Holder['kind'], limit: Counted): string {
  return `${holder}-${POLICY_NAMES[limit]}`;
}

/** A caller wants more than its project or its key may have: 429, with when to come again. */
export class QuotaExceeded extends BrokerError {
  /** The limits in the way, at least one. */
  readonly violated: readonly PolicyState[];

  constructor(violated: readonly PolicyState[]) {
    const seconds = violated.map(({ resetSeconds = UNKNOWN_RETRY_SECONDS }) => resetSeconds);
    super(
      violated.every(({ limit }) => limit === 'requests_per_minute')
        ? 'rate_limited'
        : 'quota_exceeded',
      violated.map(describe).join('; '),
      { retryAfterSeconds: Math.max(1, ...seconds) },
    );
    this.name = 'QuotaExceeded';
    this.violated = violated;
  }

  /** Whether waiting for seconds helps, as an SDK that retries by itself does. */
  get isBrief(): boolean {
    return this.violated.every(
      ({ limit }) => limit === 'requests_per_minute' || limit === 'jobs_waiting',
    );
  }
}

/** Files expire, or are deleted, when they are. */
const UNKNOWN_RETRY_SECONDS = 3600;

function describe({ holder, limit, quota, used }: PolicyState): string {
  const who = `this ${holder}`;
  switch (limit) {
    case 'requests_per_minute':
      return `${who} may make ${quota} requests in a minute, and has made them`;
    case 'jobs_waiting':
      return `${who} may have ${quota} jobs that have not ended, and has ${used}; wait for some to end`;
    case 'bytes_stored':
      return `${who} may store ${quota} bytes of files, and has ${used}; delete some: DELETE /v1/files/{id}`;
    case 'spend_per_day':
  }
  return `${who} may spend ${formatDollars(quota)} a day, and has spent ${formatDollars(used)}; the next day begins at midnight UTC`;
}
