import { z } from 'zod';

const metadataSchema = z.record(z.string().max(64), z.string().max(512));
const itemSchema = z.looseObject({ type: z.string() });
const count = z.int().min(0);

/**
 * A Response as the types of the `openai` package have it: which members there must be, which may
 * be null and which are left out instead, and that there is no other.
 */
export const strictResponseSchema = z.strictObject({
  id: z.string().regex(/^resp_[0-9a-hjkmnp-tv-z]{26}$/),
  object: z.literal('response'),
  created_at: z.int(),
  access_programs: z.looseObject({}).nullable().optional(),
  error: z
    .strictObject({
      code: z.enum(['server_error', 'rate_limit_exceeded', 'invalid_prompt']),
      message: z.string(),
    })
    .nullable(),
  incomplete_details: z
    .strictObject({ reason: z.enum(['max_output_tokens', 'content_filter']) })
    .nullable(),
  instructions: z.union([z.string(), z.array(itemSchema)]).nullable(),
  metadata: metadataSchema.nullable(),
  model: z.string(),
  output: z.array(itemSchema),
  parallel_tool_calls: z.boolean(),
  temperature: z.number().nullable(),
  tool_choice: z.union([z.enum(['none', 'auto', 'required']), z.looseObject({ type: z.string() })]),
  tools: z.array(z.looseObject({ type: z.string() })),
  top_p: z.number().nullable(),
  background: z.boolean().nullable().optional(),
  completed_at: z.number().nullable().optional(),
  max_output_tokens: z.int().nullable().optional(),
  max_tool_calls: z.int().nullable().optional(),
  previous_response_id: z.string().nullable().optional(),
  prompt_cache_key: z.string().nullable().optional(),
  prompt_cache_retention: z.enum(['in_memory', '24h']).nullable().optional(),
  reasoning: z
    .looseObject({ effort: z.string().nullable(), summary: z.string().nullable() })
    .nullable()
    .optional(),
  safety_identifier: z.string().nullable().optional(),
  service_tier: z.string().nullable().optional(),
  status: z
    .enum(['completed', 'failed', 'in_progress', 'cancelled', 'queued', 'incomplete'])
    .optional(),
  /** Answered by the service, though the package does not type it. */
  store: z.boolean().optional(),
  text: z.looseObject({ format: z.looseObject({ type: z.string() }).optional() }).optional(),
  top_logprobs: z.int().nullable().optional(),
  truncation: z.enum(['auto', 'disabled']).nullable().optional(),
  usage: z
    .looseObject({
      input_tokens: count,
      input_tokens_details: z.looseObject({ cached_tokens: count }),
      output_tokens: count,
      output_tokens_details: z.looseObject({ reasoning_tokens: count }),
      total_tokens: count,
    })
    .optional(),
  /** Typed as a text, and null in what the service sends. */
  user: z.string().nullable().optional(),
});

export type StrictResponse = z.infer<typeof strictResponseSchema>;
