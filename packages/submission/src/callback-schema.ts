import { eventTypeSchema } from '@understudy/contracts';
import { secretProblem } from '@understudy/webhooks';
import { z } from 'zod';

const LONGEST_URL = 2048;

/** Whether events may really go there is checked against the outbound policy. */
export const callerUrlSchema = z.string().min(1).max(LONGEST_URL);

export const eventChoiceSchema = z
  .array(eventTypeSchema)
  .min(1)
  .max(eventTypeSchema.options.length)
  .refine((types) => new Set(types).size === types.length, 'names an event twice');

/** A caller's own secret. What is wrong with it is told, never what it was. */
export const callerSecretSchema = z
  .string()
  .max(200)
  .superRefine((secret, context) => {
    const problem = secretProblem(secret);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

export const includeSchema = z.literal('result');

/** Who is told what becomes of one job, as a caller gives it. */
export const callbackInputSchema = z.strictObject({
  url: callerUrlSchema,
  /** The four ends of a job unless told. */
  events: eventChoiceSchema.exactOptional(),
  /** `whsec_…`; the project's default secret signs where there is none. */
  secret: callerSecretSchema.exactOptional(),
  include: includeSchema.exactOptional(),
});
export type CallbackInput = z.infer<typeof callbackInputSchema>;

/** A callback as a job shows it: without the secret. */
export const callbackViewSchema = z.object({
  url: z.string(),
  events: z.array(eventTypeSchema),
  include: includeSchema.optional(),
});
