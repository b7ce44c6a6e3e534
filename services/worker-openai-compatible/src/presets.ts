import { dialectSchema } from '@understudy/contracts';
import { z } from 'zod';
import presetsData from './presets.json' with { type: 'json' };

const presetSchema = z.strictObject({
  /** Up to what the dialects append; ends in `/v1` at most vendors. */
  baseUrl: z.url(),
  /** Whose own models it serves first. */
  vendor: z.string(),
  dialects: z.array(dialectSchema).min(1),
  /** Servers an operator runs himself answer without a key. */
  keyless: z.boolean().default(false),
  /** Sends names that the table does not hold as they are. */
  passthrough: z.boolean().default(false),
  /** Canonical name → the vendor's name. */
  models: z.record(z.string(), z.string()),
});
export type Preset = z.infer<typeof presetSchema>;

/** The vendors known by name; a new one is one more entry in `presets.json`. */
export const presets: Readonly<Record<string, Preset>> = z
  .record(z.string(), presetSchema)
  .parse(presetsData);
