import { eraseRecord, finishErasure } from '@understudy/job-store';
import type { Erasure, JobReference } from '@understudy/job-store';
import type { ApiParts } from '../api-parts.ts';

/**
 * Erases a job that has ended: its record, request, attempts and result at once, then the answers in
 * payloads of webhooks, then its places in lists. Idempotent: an erasure that a crash interrupted is
 * finished by the next one. The events that were told of it stay, in which nothing is that a caller
 * or a provider wrote; and so does what remembers its idempotency key.
 * @returns `running` for a job that has not ended, and for a batch's line whose answer is not yet in
 *   the batch's file
 */
export async function eraseJob(
  { dispatch, webhooks }: Pick<ApiParts, 'dispatch' | 'webhooks'>,
  job: JobReference,
): Promise<Erasure> {
  const { redis, keyPrefix } = dispatch;
  const erasure = await eraseRecord(redis, keyPrefix, job);
  if (erasure !== 'erased') return erasure;
  await webhooks.forgetPayloads(job.project, job.id);
  await finishErasure(redis, keyPrefix, job);
  return 'erased';
}
