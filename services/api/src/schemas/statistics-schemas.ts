import { RESOLUTIONS } from '@understudy/statistics';
import { z } from 'zod';
import { instantSchema } from './instant-schema.ts';

export const statisticsQuerySchema = z.strictObject({
  /** The bucket it lies in is the first; an hour ago unless told. */
  from: z.iso.datetime({ offset: true }).optional(),
  /** The last bucket begins before it; now unless told. */
  to: z.iso.datetime({ offset: true }).optional(),
  /** Minutes are kept for 25 hours, hours for 8 days. */
  resolution: z.enum(RESOLUTIONS).default('minute'),
});

export const statisticsSchema = z.object({
  object: z.literal('statistics'),
  resolution: z.enum(RESOLUTIONS),
  from: instantSchema,
  to: instantSchema,
  /** One for each minute or hour, oldest first. A job is in the bucket in which that happened. */
  buckets: z.array(
    z.object({
      at: instantSchema,
      accepted: z.int(),
      completed: z.int(),
      failed: z.int(),
      cancelled: z.int(),
      expired: z.int(),
      /** Of jobs that ended, as far as prices are known. */
      cost_usd: z.number(),
      input_tokens: z.int(),
      output_tokens: z.int(),
    }),
  ),
  providers: z.array(
    z.object({
      provider: z.string(),
      /** Calls made: all that follows but `skipped`. */
      attempts: z.int(),
      succeeded: z.int(),
      failed: z.int(),
      /** Passed over without a call; each time counts. */
      skipped: z.int(),
      interrupted: z.int(),
      cancelled: z.int(),
      /** Of calls that succeeded, to a fifth; absent where none did. */
      latency_ms: z.object({ p50: z.int(), p95: z.int() }).optional(),
      errors: z.array(z.object({ rule: z.string(), count: z.int() })),
      buckets: z.array(
        z.object({
          at: instantSchema,
          succeeded: z.int(),
          failed: z.int(),
          /** Failed calls by the rule that decided. */
          errors: z.record(z.string(), z.int()),
        }),
      ),
    }),
  ),
  /** From one provider to the next that a job was tried at or queued for, most frequent first. */
  flows: z.array(
    z.object({
      from: z.string(),
      /** Null where the job ended unanswered. */
      to: z.string().nullable(),
      count: z.int(),
    }),
  ),
});
