import { z } from 'zod';

export const responseParametersSchema = z.strictObject({ id: z.string() });

/** What else OpenAI's SDKs ask for chooses what a vendor includes, which has been chosen before. */
export const responseQuerySchema = z.looseObject({
  stream: z.enum(['true', 'false']).optional(),
  /** Number of the last event seen. */
  starting_after: z.coerce.number().int().min(0).optional(),
});

export const inputItemsQuerySchema = z.looseObject({
  order: z.enum(['asc', 'desc']).default('desc'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().optional(),
});

/** A Response: the members that each has, whatever has become of it. */
export const responseSchema = z.looseObject({
  id: z.string(),
  object: z.literal('response'),
  created_at: z.number(),
  status: z.enum(['queued', 'in_progress', 'completed', 'failed', 'cancelled', 'incomplete']),
  background: z.boolean(),
  error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
  incomplete_details: z.looseObject({ reason: z.string().optional() }).nullable(),
  instructions: z.union([z.string(), z.array(z.unknown())]).nullable(),
  metadata: z.record(z.string(), z.string()).nullable(),
  model: z.string(),
  output: z.array(z.looseObject({ type: z.string() })),
  parallel_tool_calls: z.boolean(),
  temperature: z.number().nullable(),
  tool_choice: z.union([z.string(), z.looseObject({})]),
  tools: z.array(z.looseObject({})),
  top_p: z.number().nullable(),
});

export const deletedResponseSchema = z.object({
  id: z.string(),
  object: z.literal('response'),
  deleted: z.literal(true),
});

export const inputItemListSchema = z.object({
  object: z.literal('list'),
  data: z.array(z.looseObject({ id: z.string() })),
  first_id: z.string(),
  last_id: z.string(),
  has_more: z.boolean(),
});
