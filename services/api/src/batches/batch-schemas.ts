import { batchStatusSchema, costSchema, endpointSchema } from '@understudy/contracts';
import { requestCountsSchema } from '@understudy/job-store';
import { maxCostSchema, metadataSchema } from '@understudy/submission';
import { z } from 'zod';
import { LIFE_SECONDS } from '../files/upload-fields.ts';

const MOST_PER_PAGE = 100;
const DEFAULT_PER_PAGE = 20;

export const batchParametersSchema = z.strictObject({ id: z.string().max(200) });

/** Members that OpenAI may add are passed over, as its own service does for those it does not know. */
export const newBatchSchema = z.object({
  input_file_id: z.string().min(1).max(200),
  endpoint: endpointSchema,
  /** `24h`; other durations from `1h` to `7d` are an extension. */
  completion_window: z.string().max(20).default('24h'),
  /** USD: once the lines that ended have cost so much no other one is begun; not of OpenAI. */
  max_cost: maxCostSchema.optional(),
  metadata: metadataSchema.nullish(),
  output_expires_after: z
    .object({
      anchor: z.literal('created_at'),
      seconds: z.int().min(LIFE_SECONDS.least).max(LIFE_SECONDS.most),
    })
    .nullish(),
});

export const batchQuerySchema = z.object({
  /** Id of the last batch seen. */
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(MOST_PER_PAGE).default(DEFAULT_PER_PAGE),
});

/** Unix seconds. */
const instantSchema = z.int().optional();

/** OpenAI's batch; members that are unset are left out, for its schema knows no null there. */
export const batchSchema = z.object({
  id: z.string(),
  object: z.literal('batch'),
  endpoint: endpointSchema,
  errors: z
    .object({
      object: z.literal('list'),
      data: z.array(
        z.object({
          code: z.string(),
          message: z.string(),
          param: z.string().optional(),
          line: z.int().optional(),
        }),
      ),
    })
    .optional(),
  input_file_id: z.string(),
  completion_window: z.string(),
  status: batchStatusSchema,
  output_file_id: z.string().optional(),
  error_file_id: z.string().optional(),
  created_at: z.int(),
  in_progress_at: instantSchema,
  expires_at: instantSchema,
  finalizing_at: instantSchema,
  completed_at: instantSchema,
  failed_at: instantSchema,
  expired_at: instantSchema,
  cancelling_at: instantSchema,
  cancelled_at: instantSchema,
  request_counts: requestCountsSchema,
  usage: z
    .object({
      input_tokens: z.int(),
      input_tokens_details: z.object({ cached_tokens: z.int() }),
      output_tokens: z.int(),
      output_tokens_details: z.object({ reasoning_tokens: z.int() }),
      total_tokens: z.int(),
    })
    .optional(),
  /** Only where an administrator lists those of all projects; not of OpenAI. */
  project: z.string().optional(),
  /** What its calls cost by the price table; not of OpenAI. */
  cost: costSchema.optional(),
  /** USD: once its lines have cost so much no other one is begun; not of OpenAI. */
  max_cost: z.number().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});

export const batchListSchema = z.object({
  object: z.literal('list'),
  data: z.array(batchSchema),
  first_id: z.string().optional(),
  last_id: z.string().optional(),
  has_more: z.boolean(),
});
