import type { JobReference, JobStore } from '@understudy/job-store';
import type { WebhookParts } from './webhook-parts.ts';

/** A job has a few events, each for a few endpoints. */
const MOST_OF_A_JOB = 10_000;

/** Forgets the rendered payloads of a job's deliveries, and the answers in them. */
export async function forgetDeliveryPayloads(
  { deliveries, lists }: Pick<WebhookParts, 'deliveries' | 'lists'>,
  { project, id: job }: JobReference,
): Promise<void> {
  await deliveries.forgetPayloads(await lists.oldest(project, { job }, 0, MOST_OF_A_JOB));
}

/** Forgets what a job that has ended was asked and answered, wherever it is kept. Idempotent. */
export async function forgetJobPayload(
  store: Pick<JobStore, 'forgetPayload'>,
  parts: Pick<WebhookParts, 'deliveries' | 'lists'>,
  job: JobReference,
): Promise<void> {
  await store.forgetPayload(job);
  await forgetDeliveryPayloads(parts, job);
}
