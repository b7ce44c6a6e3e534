import { z } from 'zod';

/**
 * What a project, or one of its keys, may do at most; an absent member limits nothing. As the admin
 * API takes them, and as the record of a key holds them.
 */
export const limitsSchema = z.strictObject({
  /** Requests that make work, in any 60 seconds. */
  requests_per_minute: z.int().positive().exactOptional(),
  /** Jobs that have not ended, those that a worker holds included. */
  jobs_waiting: z.int().positive().exactOptional(),
  /** Bytes of files, results of batches included. */
  bytes_stored: z.int().positive().exactOptional(),
  /** USD of jobs that ended since midnight UTC. */
  spend_per_day: z.number().positive().exactOptional(),
  /** Names of the routes that jobs may take. */
  routes: z.array(z.string().min(1).max(256)).min(1).max(1000).exactOptional(),
  /** The most important priority a job may have: 0 is served first, 9 last. */
  highest_priority: z.int().min(0).max(9).exactOptional(),
});
export type Limits = z.infer<typeof limitsSchema>;
