import { BrokerError } from '@understudy/contracts';
import { NewerRecordError } from '@understudy/job-store';
import { isRedisUnavailable } from '@understudy/runtime';
import { MissingKeyError } from '@understudy/sealing';

/** What a caller is told about anything that was thrown. */
export function toBrokerError(error: unknown): BrokerError {
  if (error instanceof BrokerError) return error;
  if (isRedisUnavailable(error)) {
    return new BrokerError('unavailable', 'the store does not answer now; try again', {
      retryAfterSeconds: 1,
    });
  }
  if (error instanceof NewerRecordError) {
    return new BrokerError(
      'unavailable',
      'a newer release wrote the record of this job, which this service cannot read; try again, ' +
        'another one may answer',
      { retryAfterSeconds: 1, cause: error },
    );
  }
  if (error instanceof MissingKeyError) {
    // Whoever runs the broker knows the key by the id in the log; to callers it means nothing.
    return new BrokerError(
      'internal_error',
      'this was encrypted under a key that this service does not have: it can be read once the ' +
        'operator has given the key back, whose id is in the log of the service',
      { cause: error },
    );
  }
  return fromFastify(error) ?? new BrokerError('internal_error', 'something went wrong here');
}

/** Fastify's own complaints about a request, by its codes. */
function fromFastify(error: unknown): BrokerError | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  switch (error.statusCode) {
    case 413:
      return new BrokerError('body_too_large', 'the body is larger than this broker accepts');
    case 415:
      return new BrokerError(
        'unsupported_media_type',
        'the body must be sent with "content-type: application/json"',
      );
    case 404:
      return new BrokerError('not_found', 'there is nothing at this path');
    default:
      return Number(error.statusCode) < 500
        ? new BrokerError('invalid_request', 'the request is malformed')
        : undefined;
  }
}
