import { endpointSchema, prioritySchema } from '@understudy/contracts';
import { z } from 'zod';
import { callbackInputSchema } from './callback-schema.ts';
import { uncopiedObject } from './uncopied-object.ts';

export const LONGEST_MODEL_NAME = 256;
const MOST_METADATA = 16;

/** Half a surrogate pair is no text: neither Redis' scripts nor providers read it. */
const textSchema = z.string().refine((text) => text.isWellFormed(), 'holds half a character');

const providerNamesSchema = z.array(z.string().min(1).max(100)).min(1).max(100);

/** What a caller may ask of one job: `only` and `except` cannot both be meant. */
export const providerChoiceSchema = z.union([
  z.strictObject({ only: providerNamesSchema }),
  z.strictObject({ except: providerNamesSchema }),
]);

/** In USD. */
export const maxCostSchema = z.number().positive();

export const metadataSchema = z
  .record(textSchema.max(64), textSchema.max(512))
  .refine(
    (pairs) => Object.keys(pairs).length <= MOST_METADATA,
    `holds at most ${MOST_METADATA} pairs`,
  );

/** Of a vendor's request what the broker looks at; all else is between caller and provider. */
export const requestShape = { model: textSchema.min(1).max(LONGEST_MODEL_NAME) };

export const submitSchema = z.strictObject({
  endpoint: endpointSchema,
  /** The vendor's own request; kept and sent on as the bytes received. */
  body: uncopiedObject(requestShape),
  priority: prioritySchema.optional(),
  metadata: metadataSchema.optional(),
  /** `10m`, or seconds. */
  expires_in: z.union([z.string().max(20), z.number().positive()]).optional(),
  providers: providerChoiceSchema.optional(),
  /** USD: a job whose calls have cost so much is sent to no other provider. */
  max_cost: maxCostSchema.optional(),
  callback: callbackInputSchema.optional(),
  /** False: request and answer are forgotten once the answer was delivered. */
  store: z.boolean().optional(),
});
export type Submission = z.infer<typeof submitSchema>;
