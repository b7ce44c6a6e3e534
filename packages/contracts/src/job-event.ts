import { z } from 'zod';
import { jobStatusSchema } from './job.ts';

/**
 * One line of a shard's outbox, and what is published when a record changes.
 * An event's identity is job id and record version, so relaying one twice is harmless.
 */
export const jobEventSchema = z.object({
  v: z.int(),
  project: z.string(),
  id: z.string(),
  version: z.int(),
  status: jobStatusSchema,
});
export type JobEvent = z.infer<typeof jobEventSchema>;
