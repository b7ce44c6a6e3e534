import { z } from 'zod';

/**
 * A provider's name for a model under which that provider said it knows none. It is passed over
 * while `until` is in the future, and called again after that; a success removes the entry.
 */
export const staleNameSchema = z.object({
  v: z.int(),
  provider: z.string(),
  /** The name as sent. */
  model: z.string(),
  /** When the provider first said so. */
  since: z.number(),
  until: z.number(),
  /** The rule that knew the answer for what it is. */
  rule: z.string(),
  /** How often it was tried again in vain, the first time included; lengthens the next rest. */
  failures: z.int(),
});
export type StaleName = z.infer<typeof staleNameSchema>;

/** What is published when a name becomes stale, stays it, or is known again (no `stale`). */
export const staleNameMessageSchema = z.object({
  provider: z.string(),
  model: z.string(),
  stale: staleNameSchema.optional(),
});
export type StaleNameMessage = z.infer<typeof staleNameMessageSchema>;
