import { UnderstudyError } from '@understudy/client';
import type { BulkResult, Understudy } from '@understudy/client';
import { mayPass, tellFailure } from '../failure.ts';
import type { Session } from '../session.ts';
import type { JobFilter } from './job-filter.ts';

/** Jobs that one request takes up: few enough for an answer within seconds. */
const AT_ONCE = 500;

/** All requests of a retry share a key, and so do runs: no job is made twice from the same one. */
export type BulkAction = { action: 'cancel' } | { action: 'retry'; key: string };

/** What came of all requests together. */
export type BulkSum = Pick<
  BulkResult,
  'action' | 'dry_run' | 'matched' | 'done' | 'skipped' | 'stopped'
> & {
  /** Of a retry: under it another run goes on with what is left. */
  key?: string;
};

export interface BulkRun {
  sum: BulkSum;
  /** What ended it amid or between requests; also in `stopped`. */
  failure?: unknown;
}

/**
 * Cancels or retries whatever fits a filter, request by request, until nothing is left or something
 * stops it. What was done until then is told in any case.
 * @throws UnderstudyError for a first request that was refused for good
 */
export async function actOnMany(
  { client, signal }: Pick<Session, 'client' | 'signal'>,
  what: BulkAction,
  filter: JobFilter,
  isDry: boolean,
): Promise<BulkRun> {
  const sum: BulkSum = { action: what.action, matched: 0, done: 0, skipped: [] };
  if (isDry) sum.dry_run = true;
  else if (what.action === 'retry') sum.key = what.key;
  try {
    await addUp(sum, client(), what, filter, isDry, signal);
    return { sum };
  } catch (error) {
    const told = tellFailure(error);
    // What is called off may have been done, as what is not answered may.
    const mayBeDone = signal.aborted || mayPass(error);
    if (told === undefined || (sum.matched === 0 && !mayBeDone)) throw error;
    const code = error instanceof UnderstudyError ? error.code : 'interrupted';
    return { sum: { ...sum, stopped: { code, message: told.message } }, failure: error };
  }
}

async function addUp(
  sum: BulkSum,
  broker: Understudy,
  what: BulkAction,
  filter: JobFilter,
  isDry: boolean,
  signal: AbortSignal,
): Promise<void> {
  let after: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    const request = {
      filter,
      limit: AT_ONCE,
      ...(isDry ? { dry_run: true } : {}),
      ...(after === undefined ? {} : { after }),
    };
    const result = await (what.action === 'cancel'
      ? broker.cancelMany(request)
      : broker.retryMany(request, what.key));
    sum.matched += result.matched;
    sum.done += result.done;
    sum.skipped.push(...result.skipped);
    if (result.stopped !== undefined) sum.stopped = result.stopped;
    after = result.next_after;
    if (sum.stopped !== undefined || !result.has_more || after === undefined) return;
  }
}

/** How another run makes nothing twice; undefined where none is needed. */
export function howToGoOn({ key, stopped }: BulkSum): string | undefined {
  if (key === undefined || stopped === undefined) return undefined;
  return `The same command with --key ${key} goes on, and retries no job again that was retried.`;
}

/** As one line, and the reasons of what was passed over. @param where follows the counts */
export function renderBulk(
  { action, dry_run: isDry, matched, done, skipped, stopped }: BulkSum,
  where: string,
): string {
  const verb = action === 'cancel' ? 'cancelled' : 'retried';
  const head = isDry === true ? `${matched} would be ${verb}` : `${done} of ${matched} ${verb}`;
  const reasons = [...Map.groupBy(skipped, ({ code }) => code)].map(
    ([code, some]) => `${some.length} ${code}`,
  );
  const rest = reasons.length === 0 ? '' : `; passed over: ${reasons.join(', ')}`;
  const end = stopped === undefined ? '' : `\nstopped: ${stopped.message}`;
  return `${head}${where}${rest}${end}\n`;
}
