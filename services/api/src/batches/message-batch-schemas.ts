import { z } from 'zod';
import { instantSchema } from '../schemas/instant-schema.ts';

const MOST_PER_PAGE = 1000;
const DEFAULT_PER_PAGE = 20;

export const messageBatchQuerySchema = z.object({
  after_id: z.string().max(200).optional(),
  before_id: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(MOST_PER_PAGE).default(DEFAULT_PER_PAGE),
});

/** For the OpenAPI document: the body is read as a stream, one request at a time. */
export const newMessageBatchSchema = z.object({
  requests: z.array(
    z.object({
      custom_id: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
      params: z.looseObject({ model: z.string(), max_tokens: z.int().min(1) }),
    }),
  ),
});

/** Anthropic's message batch; every member is there, and null where it is unset. */
export const messageBatchSchema = z.object({
  id: z.string(),
  type: z.literal('message_batch'),
  processing_status: z.enum(['in_progress', 'canceling', 'ended']),
  /** All requests are `processing` until the whole batch has ended. */
  request_counts: z.object({
    processing: z.int(),
    succeeded: z.int(),
    errored: z.int(),
    canceled: z.int(),
    expired: z.int(),
  }),
  created_at: instantSchema,
  expires_at: instantSchema,
  ended_at: instantSchema.nullable(),
  archived_at: instantSchema.nullable(),
  cancel_initiated_at: instantSchema.nullable(),
  results_url: z.string().nullable(),
});

export const messageBatchListSchema = z.object({
  data: z.array(messageBatchSchema),
  has_more: z.boolean(),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
});

export const deletedMessageBatchSchema = z.object({
  id: z.string(),
  type: z.literal('message_batch_deleted'),
});
