import { z } from 'zod';
import { dialectSchema } from './dialect.ts';

/** A member of a body that a provider refuses, wherever it stands in it. */
const refusedMemberSchema = z.object({
  /** Path from the top of the body; `[]` stands for every item: `tools[].function.strict`. */
  path: z.string(),
  /** What happens anyway without the member, so that asking for just that loses nothing. */
  holds: z.unknown().optional(),
  message: z.string(),
  /** Our names of the models of which it is refused; of all unless told. */
  models: z.array(z.string()).optional(),
  /** The dialect in which the provider takes it, or what comes near to it, of such a model. */
  by: dialectSchema.optional(),
});
export type RefusedMember = z.infer<typeof refusedMemberSchema>;

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
  /**
   * Where the models reason beside functions that do not in chat completions; absent where the provider
   * is not known to have such a dialect.
   */
  reasons_beside_functions_in: dialectSchema.optional(),
  /** Dialect → what the provider refuses of it, though the dialect has it. */
  refuses: z.partialRecord(dialectSchema, z.array(refusedMemberSchema)).optional(),
  /** The dialects in which the provider takes files inline alone, and fetches none by its URL. */
  inline_files: z.array(dialectSchema).optional(),
  /** Dialect → how many stop sequences the provider takes in it; as many as asked unless told. */
  most_stops: z.partialRecord(dialectSchema, z.int()).optional(),
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
