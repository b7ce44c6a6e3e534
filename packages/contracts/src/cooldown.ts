import { z } from 'zod';

/**
 * The state of one model at one provider, or (`scope: provider`) of a whole provider.
 * Absent means open. `until` in the future: cooling. `until` passed: half open, one probe at a time.
 */
export const cooldownSchema = z.object({
  v: z.int(),
  provider: z.string(),
  scope: z.enum(['model', 'provider']),
  /** The provider's name for the model; `*` for scope provider. */
  model: z.string(),
  /** False once a call has succeeded; the entry then only remembers how long the next one would be. */
  cooling: z.boolean(),
  started_at: z.number(),
  /** When it ends; of one that is over, when a success ended it. */
  until: z.number(),
  /** One more with each failure that cools, halved by a success; lengthens the next cool-down. */
  failures: z.int(),
  /** Failures since a call last succeeded; an earlier release leaves it out. */
  streak: z.int().optional(),
  /** The rule that set it. */
  rule: z.string(),
  /** An operator should look: billing, keys, region. */
  alert: z.boolean().optional(),
  /** An operator ended it, not a success. */
  cleared: z.boolean().optional(),
  /** Permits taken by running probes: holder → when its lease ends. */
  probes: z.record(z.string(), z.number()),
  /** Grows with every change, so that a late message never overwrites a newer one. */
  revision: z.int(),
});
export type Cooldown = z.infer<typeof cooldownSchema>;

/** What is published when the state of a target changes. */
export const availabilityMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cooldown'), cooldown: cooldownSchema }),
  /** Failures are being counted at this target: its next success must be told. */
  z.object({ kind: z.literal('suspect'), provider: z.string(), model: z.string() }),
  z.object({ kind: z.literal('cleared'), provider: z.string(), model: z.string() }),
]);
