import { eventTypeSchema } from '@understudy/contracts';
import type { BatchRecord } from '@understudy/contracts';
import { batchEvent } from '@understudy/job-store';
import { createDeliveries } from './create-deliveries.ts';
import type { WebhookEvent } from './delivery.ts';
import type { EndpointDirectory } from './endpoint-directory.ts';
import { wishesFor } from './event-orders.ts';
import type { WebhookParts } from './webhook-parts.ts';

/** The end of a batch as deliveries carry it. */
export function batchWebhookEvent(batch: BatchRecord): WebhookEvent {
  const { id, type, created_at: createdAt, data } = batchEvent(batch);
  return {
    id,
    type: eventTypeSchema.parse(type),
    project: batch.request.project,
    batch: data,
    at: Date.parse(createdAt),
    traceparent: batch.request.traceparent,
  };
}

/**
 * Makes the deliveries of a batch's end: to its callback, and to every endpoint that asked for the
 * type. Called again, as after a crash in the midst of it, it makes nothing twice.
 * @param batch in its final status
 * @param random 0 to 1; for the delay before the first try
 */
export async function createBatchDeliveries(
  parts: WebhookParts,
  directory: EndpointDirectory,
  batch: BatchRecord,
  random: () => number,
): Promise<void> {
  const { project, callback } = batch.request;
  const endpoints = await directory.ofProject(project);
  await createDeliveries(parts, wishesFor(batchWebhookEvent(batch), callback, endpoints), random);
}
