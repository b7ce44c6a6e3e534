import { dialectSchema, endpointSchema } from '@understudy/contracts';
import { LONGEST_MODEL_NAME } from '@understudy/submission';
import { z } from 'zod';
import { instantSchema } from './instant-schema.ts';

const LONGEST_LIST = 10_000;
const LONGEST_REASON = 500;

export const modelParametersSchema = z.strictObject({ model: z.string().min(1) });

export const explainQuerySchema = z.strictObject({
  endpoint: endpointSchema.optional(),
  /** Names of providers, separated by commas: what would happen if these were down? */
  without: z.string().min(1).max(LONGEST_LIST).optional(),
});

export const routeListSchema = z.object({
  object: z.literal('list'),
  data: z.array(
    z.object({
      object: z.literal('route'),
      name: z.string(),
      /** Made from what providers know, not written by the operator. */
      automatic: z.boolean(),
      targets: z.array(z.string()),
    }),
  ),
});

const pausedSchema = z.object({ since: instantSchema, reason: z.string().optional() });

export const explainedRouteSchema = z.object({
  object: z.literal('route'),
  name: z.string(),
  automatic: z.boolean(),
  targets: z.array(
    z.object({
      target: z.string(),
      provider: z.string(),
      kind: z.string().optional(),
      model_drawn: z.string().optional(),
      model_sent: z.string().optional(),
      /** The wire format of the call; another than the endpoint's where the body is translated. */
      dialect: dialectSchema.optional(),
      /** Share of jobs drawn here, for an arm of a split. */
      share: z.number().optional(),
      fallback: z.boolean().optional(),
      /** `open`, the rule by which a job would pass this target over, or `down` as was asked for. */
      state: z.string(),
      until: instantSchema.optional(),
      /** Since when and why, where the state is `paused`. */
      paused: pausedSchema.optional(),
    }),
  ),
});

export const providerParametersSchema = z.strictObject({ id: z.string().min(1) });

export const pauseProviderSchema = z.strictObject({
  /** Shown to everybody who may see providers. */
  reason: z
    .string()
    .min(1)
    .max(LONGEST_REASON)
    .refine((text) => text.isWellFormed(), 'holds half a character')
    .optional(),
});

export const clearCooldownSchema = z.strictObject({
  /** The provider's name for it, as its cool-down shows it; `*` for that of the whole provider. */
  model: z.string().min(1).max(LONGEST_MODEL_NAME).optional(),
});

export const providerSchema = z.object({
  object: z.literal('provider'),
  id: z.string(),
  kind: z.string(),
  /** Whether a worker has ever told of it. */
  registered: z.boolean(),
  /** Whether a worker serves it now. */
  alive: z.boolean(),
  /** Set while an operator has taken it out of service. */
  paused: pausedSchema.optional(),
  dialects: z.array(dialectSchema),
  base_url: z.string().optional(),
  /** Calls that may run at a time, over all replicas. */
  concurrency: z.int(),
  /** Turns that run now, over all replicas. */
  in_use: z.int(),
  requests_per_minute: z.number().optional(),
  /** Calls that ended in the last minute, nearly: what lies in the minute before is estimated. */
  requests_last_minute: z.int(),
  queue: z.object({
    waiting: z.int(),
    active: z.int(),
    /** Given back by workers that lack their key, or are older than their records; tried again and again. */
    resting: z.int().optional(),
    /** How long the oldest of those first in line at each priority has stood in this queue. */
    oldest_ms: z.int().optional(),
  }),
  /** Jobs that wait for a model here to open again. */
  waiting: z.array(
    z.object({
      model: z.string(),
      count: z.int(),
      /** Since the oldest of those first in line of each project was submitted. */
      oldest_ms: z.int(),
    }),
  ),
  cooldowns: z.array(
    z.object({
      scope: z.enum(['model', 'provider']),
      model: z.string(),
      /** `half_open`: the time is over, and a first call must show that it serves again. */
      state: z.enum(['cooling', 'half_open']),
      started_at: instantSchema,
      until: instantSchema,
      rule: z.string(),
      failures: z.int(),
      alert: z.boolean(),
    }),
  ),
  /** Names under which the provider said that it knows no model, until a call succeeds. */
  stale_names: z.array(
    z.object({
      /** The name as sent. */
      model: z.string(),
      since: instantSchema,
      /** Passed over until then, where a job has another target; then called again. */
      until: instantSchema,
      rule: z.string(),
      failures: z.int(),
    }),
  ),
});

export const providerListSchema = z.object({
  object: z.literal('list'),
  data: z.array(providerSchema),
});

export const modelSchema = z.object({
  id: z.string(),
  object: z.literal('model'),
  /** 0: vendors do not tell it of every model. */
  created: z.int(),
  owned_by: z.string(),
  providers: z.array(z.string()),
});

export const modelListSchema = z.object({
  object: z.literal('list'),
  data: z.array(modelSchema),
});

/** A model as Anthropic's API describes it. */
export const anthropicModelSchema = z.object({
  type: z.literal('model'),
  id: z.string(),
  display_name: z.string(),
  /** The epoch: vendors do not tell it of every model. */
  created_at: z.iso.datetime(),
});
export type AnthropicModel = z.infer<typeof anthropicModelSchema>;

export const anthropicModelListSchema = z.object({
  data: z.array(anthropicModelSchema),
  has_more: z.boolean(),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
});

export const anthropicModelQuerySchema = z.object({
  before_id: z.string().max(LONGEST_MODEL_NAME).optional(),
  after_id: z.string().max(LONGEST_MODEL_NAME).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(20),
});
