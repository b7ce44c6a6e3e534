import { z } from 'zod';
import { dialectSchema } from './dialect.ts';

/** What a worker service tells everyone about one of its providers; never a secret. */
export const registrationSchema = z.object({
  v: z.int(),
  provider: z.string(),
  kind: z.string(),
  /** Whose own models this provider serves first: the preset, or the kind. */
  vendor: z.string(),
  /** Spoken for every model that `dialects_by_model` does not name; the preferred one first. */
  dialects: z.array(dialectSchema),
  /** Our name, or the provider's, of a model → the dialects it is reached in. */
  dialects_by_model: z.record(z.string(), z.array(dialectSchema)).default({}),
  /** Canonical name → the provider's name. */
  models: z.record(z.string(), z.string()),
  /** Names this provider takes as they are, such as dated snapshots of its own models. */
  accepts: z.array(z.string()),
  /** Canonical name → ISO date from which the provider no longer serves it. */
  retired: z.record(z.string(), z.string()),
  /** Names the operator configured: asked name → the provider's name; never retired. */
  overrides: z.record(z.string(), z.string()),
  /** Send names nobody knows as they are. */
  passthrough: z.boolean(),
  concurrency: z.int(),
  requests_per_minute: z.number().optional(),
  base_url: z.string().optional(),
});
export type Registration = z.infer<typeof registrationSchema>;
