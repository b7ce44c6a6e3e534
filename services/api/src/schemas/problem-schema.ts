import { z } from 'zod';

/** RFC 9457, with the member that the vendors' SDKs read embedded. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  /** Of a 429: names of the limits in the way, as `RateLimit-Policy` has them. */
  'violated-policies': z.array(z.string()).optional(),
  error: z.object({
    message: z.string(),
    type: z.string(),
    code: z.string(),
    param: z.string().nullable(),
  }),
});

/** What Anthropic's SDKs read. */
export const anthropicErrorSchema = z.object({
  type: z.literal('error'),
  error: z.object({ type: z.string(), message: z.string() }),
  request_id: z.string(),
});
