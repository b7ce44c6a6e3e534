import type { BrokerError } from '@understudy/contracts';
import type { Logger } from '@understudy/runtime';
import { toBrokerError } from './to-broker-error.ts';

/** What a caller is told about anything that was thrown; what is wrong on our side stays in the log. */
export function loggedReason(error: unknown, requestId: string, logger: Logger): BrokerError {
  const reason = toBrokerError(error);
  if (reason.code === 'internal_error') logger.error({ err: error, requestId }, 'a request failed');
  return reason;
}
