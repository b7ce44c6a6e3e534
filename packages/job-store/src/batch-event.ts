import { batchStatusSchema, endpointSchema, eventIdOf } from '@understudy/contracts';
import type { BatchRecord } from '@understudy/contracts';
import { z } from 'zod';

/**
 * Lines as OpenAI counts them: in the end each is `completed` or `failed`, which includes those that
 * were cancelled or ran out of time.
 */
export const requestCountsSchema = z.object({
  total: z.int(),
  completed: z.int(),
  failed: z.int(),
  /** Part of `failed`, where there are any: not of OpenAI. */
  cancelled: z.int().optional(),
  expired: z.int().optional(),
});
export type RequestCounts = z.infer<typeof requestCountsSchema>;

/** What everybody may know of a batch that has ended: nothing a caller or a provider wrote. */
export const batchEventDataSchema = z.object({
  id: z.string(),
  object: z.literal('batch'),
  status: batchStatusSchema,
  endpoint: endpointSchema,
  request_counts: requestCountsSchema,
  output_file_id: z.string().optional(),
  error_file_id: z.string().optional(),
  links: z.object({ self: z.string() }),
});

/** The end of a batch, as it is told to its project; beside `publicEventSchema` of jobs. */
export const batchEventSchema = z.object({
  /** The same on every road and however often it is told. */
  id: z.string(),
  object: z.literal('event'),
  /** `batch.` and the status the batch came to. */
  type: z.string(),
  created_at: z.iso.datetime(),
  data: batchEventDataSchema,
});
export type BatchEvent = z.infer<typeof batchEventSchema>;

/** Tells that a batch ended: of the same record always the same event. */
export function batchEvent(batch: BatchRecord): BatchEvent {
  const { request, status, version, outputFileId, errorFileId } = batch;
  const anthropic = request.surface === 'anthropic';
  return {
    id: eventIdOf(request.id, { version }),
    object: 'event',
    type: `batch.${status}`,
    created_at: new Date(batchEndedAt(batch) ?? request.created_at).toISOString(),
    data: {
      id: request.id,
      object: 'batch',
      status,
      endpoint: request.endpoint,
      request_counts: requestCountsOf(batch),
      ...(outputFileId === undefined ? {} : { output_file_id: outputFileId }),
      ...(errorFileId === undefined ? {} : { error_file_id: errorFileId }),
      links: {
        self: anthropic
          ? `/anthropic/v1/messages/batches/${request.id}`
          : `/v1/batches/${request.id}`,
      },
    },
  };
}

export function requestCountsOf({ request, counts }: BatchRecord): RequestCounts {
  const { total, completed, failed, cancelled, expired } = counts;
  return {
    total: total === 0 ? (request.lines ?? 0) : total,
    completed,
    failed: failed + cancelled + expired,
    ...(cancelled === 0 ? {} : { cancelled }),
    ...(expired === 0 ? {} : { expired }),
  };
}

/** When a batch came to its final status; undefined while it runs. */
export function batchEndedAt(batch: BatchRecord): number | undefined {
  return batch.completedAt ?? batch.failedAt ?? batch.expiredAt ?? batch.cancelledAt;
}
