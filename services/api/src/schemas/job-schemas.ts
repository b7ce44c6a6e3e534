import {
  attemptSchema,
  costSchema,
  endpointSchema,
  jobErrorSchema,
  jobRequestSchema,
  jobStatusSchema,
  usageSchema,
  waitReasonSchema,
} from '@understudy/contracts';
import { callbackViewSchema } from '@understudy/submission';
import { z } from 'zod';
import { instantSchema } from './instant-schema.ts';

const attemptViewSchema = attemptSchema.omit({ token: true }).extend({
  started_at: instantSchema,
  first_at: instantSchema.optional(),
  last_at: instantSchema.optional(),
  cooldown: z.object({ scope: z.enum(['model', 'provider']), until: instantSchema }).optional(),
});
export type AttemptView = z.infer<typeof attemptViewSchema>;

/** A job as lists show it. */
const jobSummarySchema = z.object({
  id: z.string(),
  object: z.literal('job'),
  project: z.string(),
  status: jobStatusSchema,
  endpoint: endpointSchema,
  model: z.string(),
  route: z.string(),
  priority: z.int(),
  created_at: instantSchema,
  started_at: instantSchema.optional(),
  /** Only while the job waits: the earliest instant at which it may go on. */
  next_attempt_at: instantSchema.optional(),
  completed_at: instantSchema.optional(),
  expires_at: instantSchema,
  metadata: z.record(z.string(), z.string()).optional(),
  /** Length of the vendor's request, where it was counted. */
  request_bytes: jobRequestSchema.shape.bytes,
  /** The batch that it is a line of; lines count from 1. */
  batch: jobRequestSchema.shape.batch,
  /** Which providers may see it, as the submit said. */
  providers: jobRequestSchema.shape.providers,
  /** Request and answer are forgotten once the answer was delivered. */
  store: z.literal(false).optional(),
  /** They were: request, answer and what providers said are no longer kept. */
  payload_forgotten: z.literal(true).optional(),
  /** The job that this one does again. */
  retry_of: z.string().optional(),
  callback: callbackViewSchema.optional(),
  usage: usageSchema.optional(),
  cost: costSchema.optional(),
  /** USD: once the job's calls have cost so much, no other one is made. */
  max_cost: z.number().optional(),
  error: jobErrorSchema.optional(),
  /**
   * Where the job is while it has not ended and does not wait: in progress, the target that is being
   * called; queued, the one in whose queue it stands.
   */
  current: z
    .object({
      provider: z.string(),
      /** The provider's name for the model, as far as it is known. */
      model: z.string().optional(),
      /** The target's name within the route. */
      target: z.string(),
      /** When the job entered the queue, or this call's turn began. */
      since: instantSchema,
    })
    .optional(),
  /** What a waiting job waits for, and which targets would release it. */
  waiting: z
    .object({
      reason: waitReasonSchema,
      until: instantSchema,
      rooms: z.array(z.object({ provider: z.string(), model: z.string() })),
    })
    .optional(),
});
export type JobSummary = z.infer<typeof jobSummarySchema>;

export const jobSchema = jobSummarySchema.extend({
  result: z
    .object({
      provider: z.string(),
      model: z.string().optional(),
      refusal: z.boolean().optional(),
      /** The answer in the dialect of the endpoint. */
      body: z.unknown().optional(),
      /** Instead of the answer, of a batch's line: the file that it stands in. */
      file: z.string().optional(),
    })
    .optional(),
  attempts: z.array(attemptViewSchema),
  waits: z.array(
    z.object({
      reason: waitReasonSchema,
      until: instantSchema,
      started_at: instantSchema,
      ended_at: instantSchema.optional(),
    }),
  ),
});
export type JobView = z.infer<typeof jobSchema>;

/** What else a query says was never looked at here. */
export const oneJobQuerySchema = z.object({
  /** `result`: the answer itself is left out, and counts as not delivered. */
  without: z.literal('result').exactOptional(),
});

export const jobParametersSchema = z.strictObject({ id: z.string() });

export const jobListSchema = z.object({
  object: z.literal('list'),
  data: z.array(jobSummarySchema),
  first_id: z.string().optional(),
  last_id: z.string().optional(),
  has_more: z.boolean(),
  /** To go on with as `after`; a page can be short, or empty, where few of many jobs match. */
  next_after: z.string().optional(),
});
