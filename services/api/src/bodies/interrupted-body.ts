import { BrokerError } from '@understudy/contracts';

/** Of a caller who hung up, or whose connection was cut: told to nobody but the log. */
export function interruptedBody(cause: unknown): BrokerError {
  return new BrokerError('invalid_request', 'the request ended before all of its body was here', {
    cause,
  });
}
