import { BrokerError } from '@understudy/contracts';

const RETRY_AFTER_SECONDS = 30;

/** The place where files live cannot serve now: the same request may succeed later. */
export function storageFailure(what: string, cause: unknown): BrokerError {
  return new BrokerError('unavailable', `${what}; ask again later`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause,
  });
}
