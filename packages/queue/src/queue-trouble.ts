import { isConnectionLost } from '@understudy/runtime';
import type { Logger } from '@understudy/runtime';
import { ErrorCode } from 'bullmq';

/** An outage makes a worker lose all that it holds, and BullMQ tell of each several times. */
const REPORT_INTERVAL_MS = 10_000;

/** What BullMQ says when it cannot renew a lock, without a code; then again when the turn ends. */
const NOT_RENEWED = /^could not renew lock/;

/**
 * Logs what troubles a worker of BullMQ: of a connection that is gone nothing, for it reports itself,
 * and of turns that another worker may have taken over one line in ten seconds.
 * @param fields name the queue
 */
export function queueTroubleReporter(
  logger: Logger,
  fields: Readonly<Record<string, string>>,
): (error: Error) => void {
  let reportedAt = -Infinity;
  return (error) => {
    if (isConnectionLost(error)) return;
    if (!isLockLost(error)) {
      logger.warn({ ...fields, reason: error.message }, 'queue trouble');
      return;
    }
    const now = performance.now();
    if (now - reportedAt < REPORT_INTERVAL_MS) return;
    reportedAt = now;
    logger.warn(
      fields,
      'this process could not reach Redis in time to keep the turns it runs; another may have taken them over',
    );
  };
}

function isLockLost(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  return (
    code === ErrorCode.JobLockNotExist ||
    code === ErrorCode.JobLockMismatch ||
    NOT_RENEWED.test(error.message)
  );
}
