import { limitsSchema } from '@understudy/contracts';
import { z } from 'zod';

export const useSchema = z.object({
  /** In the last 60 seconds; only where requests are limited. */
  requests_per_minute: z.int().optional(),
  /** Jobs that have not ended; of a key only where they are limited. */
  jobs_waiting: z.int().optional(),
  /** Of files. */
  bytes_stored: z.int(),
  /** USD of jobs that ended since midnight UTC, as far as their prices are known. */
  spend_per_day: z.number(),
});

/** Where the jobs of a project may go, from the configuration; absent where they may go anywhere. */
export const projectProvidersSchema = z
  .object({ only: z.array(z.string()).optional(), except: z.array(z.string()).optional() })
  .optional();

export const limitsViewSchema = z.object({
  object: z.literal('limits'),
  project: z.object({
    name: z.string(),
    limits: limitsSchema,
    providers: projectProvidersSchema,
    use: useSchema,
  }),
  /** The key that asks. Each of the two limits for itself: the stricter one wins. */
  key: z.object({ id: z.string(), limits: limitsSchema, use: useSchema }),
});
