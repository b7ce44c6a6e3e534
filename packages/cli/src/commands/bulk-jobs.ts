import type { BulkResult } from '@understudy/client';
import type { Session } from '../session.ts';
import type { JobFilter } from './job-filter.ts';

/** Jobs that one request takes up: few enough for an answer within seconds. */
const AT_ONCE = 500;

/** What came of all requests together. */
export type BulkSum = Pick<
  BulkResult,
  'action' | 'dry_run' | 'matched' | 'done' | 'skipped' | 'stopped'
>;

/**
 * Cancels or retries whatever fits a filter, request by request, until nothing is left or the broker
 * stops it. All requests of a retry share a key, so that no job is made twice from the same one.
 */
export async function actOnMany(
  { client, signal }: Pick<Session, 'client' | 'signal'>,
  action: 'cancel' | 'retry',
  filter: JobFilter,
  isDry: boolean,
): Promise<BulkSum> {
  const broker = client();
  const key = crypto.randomUUID();
  const sum: BulkSum = { action, matched: 0, done: 0, skipped: [] };
  if (isDry) sum.dry_run = true;
  let after: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    const request = {
      filter,
      limit: AT_ONCE,
      ...(isDry ? { dry_run: true } : {}),
      ...(after === undefined ? {} : { after }),
    };
    const result = await (action === 'cancel'
      ? broker.cancelMany(request)
      : broker.retryMany(request, key));
    sum.matched += result.matched;
    sum.done += result.done;
    sum.skipped.push(...result.skipped);
    if (result.stopped !== undefined) return { ...sum, stopped: result.stopped };
    after = result.next_after;
    if (!result.has_more || after === undefined) return sum;
  }
}

/** As one line, and the reasons of what was passed over. */
export function renderBulk({
  action,
  dry_run: isDry,
  matched,
  done,
  skipped,
  stopped,
}: BulkSum): string {
  const verb = action === 'cancel' ? 'cancelled' : 'retried';
  const head = isDry === true ? `${matched} would be ${verb}` : `${done} of ${matched} ${verb}`;
  const reasons = [...Map.groupBy(skipped, ({ code }) => code)].map(
    ([code, some]) => `${some.length} ${code}`,
  );
  const rest = reasons.length === 0 ? '' : `; passed over: ${reasons.join(', ')}`;
  const end = stopped === undefined ? '' : `\nstopped: ${stopped.message}`;
  return `${head}${rest}${end}\n`;
}
