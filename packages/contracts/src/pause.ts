import { z } from 'zod';

/**
 * Whether an operator has taken a provider out of service. Absent means never. One that was ended
 * stays, so that those who waited for it are let in.
 */
export const pauseSchema = z.object({
  v: z.int(),
  provider: z.string(),
  paused: z.boolean(),
  /** When it was paused or, of one that was ended, resumed. */
  since: z.number(),
  /** In the operator's words. */
  reason: z.string().optional(),
  /** Grows with every change, so that a late message never overwrites a newer one. */
  revision: z.int(),
});
export type Pause = z.infer<typeof pauseSchema>;
