import { BrokerError } from '@understudy/contracts';
import type { ApiParts } from '../api-parts.ts';

/** Memory comes back as jobs end, which takes a while. */
const FULL_RETRY_SECONDS = 10;

/**
 * Refuses what would be kept in a Redis that is short of memory, before any of it is.
 * @param bytes that are about to be admitted to Redis
 * @throws BrokerError 503
 */
export async function checkRoom(
  { admission }: Pick<ApiParts, 'admission'>,
  bytes: number,
): Promise<void> {
  if (await admission.isOpen(bytes)) return;
  throw new BrokerError('unavailable', 'Redis is short of memory; accepted jobs go on', {
    retryAfterSeconds: FULL_RETRY_SECONDS,
  });
}
