import { BrokerError } from '@understudy/contracts';

/** The same for a batch of nobody and for a batch of somebody else. */
export function batchNotFound(): BrokerError {
  return new BrokerError('not_found', 'there is no batch of this id');
}
