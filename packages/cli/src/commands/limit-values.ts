import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { LimitsChange, NewApiKey } from '@understudy/client';
import { readAmount, readCount, readList, readPriority } from './arguments.ts';

type LimitName = keyof LimitsChange;

const READERS: {
  readonly [Name in LimitName]-?: (text: string) => NonNullable<LimitsChange[Name]>;
} = {
  requests_per_minute: readCount,
  jobs_waiting: readCount,
  bytes_stored: readCount,
  spend_per_day: readAmount,
  routes: (text) => readList(text, undefined),
  highest_priority: readPriority,
};
const NAMES = Object.keys(READERS).map((name) => name.replaceAll('_', '-'));
const NO_LIMIT = 'none';

export const LIMITS_HELP = `
Limits:
  requests-per-minute=<count>   requests that make work, in any 60 seconds
  jobs-waiting=<count>          jobs that have not ended
  bytes-stored=<count>          bytes of files
  spend-per-day=<USD>           of jobs that ended since midnight UTC
  routes=<a,b>                  that jobs may take
  highest-priority=<priority>   high, normal, low or 0 to 9`;

/** Collects `name=value`; `none` for a value takes the limit away. */
export function readLimit(text: string, earlier: LimitsChange | undefined): LimitsChange {
  const at = text.indexOf('=');
  const [name, value] = [text.slice(0, at).replaceAll('-', '_'), text.slice(at + 1)];
  if (at < 1 || value === '' || !isLimit(name)) {
    throw new InvalidArgumentError(`Give name=value, where name is one of ${NAMES.join(', ')}.`);
  }
  return { ...earlier, [name]: value === NO_LIMIT ? null : READERS[name](value) };
}

/** A new key has no limit that could be taken away. */
export function onlyLimits(given: LimitsChange): NonNullable<NewApiKey['limits']> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function isLimit(name: string): name is LimitName {
  return Object.hasOwn(READERS, name);
}
