import { credentialHeaderSchema, dialectSchema, registrationSchema } from '@understudy/contracts';
import { z } from 'zod';
import presetsData from './presets.json' with { type: 'json' };

const namesSchema = z.record(z.string(), z.string());

const presetSchema = z.strictObject({
  /** Up to what the dialects append; ends in `/v1` at most vendors. */
  baseUrl: z.url(),
  /** Whose own models it serves first. */
  vendor: z.string(),
  dialects: z.array(dialectSchema).min(1),
  /** Servers an operator runs himself answer without a key. */
  keyless: z.boolean().default(false),
  /** Carries the key alone; `Authorization` with `Bearer` where absent. */
  apiKeyHeader: credentialHeaderSchema.optional(),
  /** The dialects in which it fetches no file by its URL. */
  inlineFiles: z.array(dialectSchema).optional(),
  /** Dialect → the number of stop sequences above which it refuses a call. */
  mostStops: registrationSchema.shape.most_stops,
  /** Dialect → what it refuses of it, though others take it. */
  refuses: registrationSchema.shape.refuses,
  /** Sends names that the table does not hold as they are. */
  passthrough: z.boolean().default(false),
  /** Canonical name → the vendor's name. */
  models: namesSchema.optional(),
  /** The preset whose names it takes too: vLLM serves a model by its repository at Hugging Face. */
  modelsOf: z.string().optional(),
});
export type Preset = Omit<z.infer<typeof presetSchema>, 'models' | 'modelsOf'> & {
  models: Readonly<Record<string, string>>;
};

/** The vendors known by name; a new one is one more entry in `presets.json`. */
export const presets: Readonly<Record<string, Preset>> = withNames(
  z.record(z.string(), presetSchema).parse(presetsData),
);

function withNames(read: Record<string, z.infer<typeof presetSchema>>): Record<string, Preset> {
  return Object.fromEntries(
    Object.entries(read).map(([name, { models, modelsOf, ...preset }]) => {
      const names = models ?? read[modelsOf ?? '']?.models;
      if (names === undefined) {
        throw new Error(
          `presets.json: ${name} has no models; give it models of its own, or modelsOf a preset that has`,
        );
      }
      return [name, { ...preset, models: names }];
    }),
  );
}
