import { eventTypeSchema } from '@understudy/contracts';
import {
  deadReasonSchema,
  deliveryStateSchema,
  disabledReasonSchema,
  signingKeyKindSchema,
} from '@understudy/webhooks';
import { z } from 'zod';
import { instantSchema } from './instant-schema.ts';
import {
  callerSecretSchema,
  callerUrlSchema,
  eventChoiceSchema,
  includeSchema,
} from '@understudy/submission';

const LONGEST_DESCRIPTION = 500;
const MOST_PER_PAGE = 100;

/** RFC 3339, in any time zone. */
const givenInstantSchema = z.iso.datetime({ offset: true });
const descriptionSchema = z.string().max(LONGEST_DESCRIPTION);
/** `24h`, or seconds; 0 ends the old keys at once. */
const gracePeriodSchema = z.union([z.string().max(20), z.number().min(0)]);

export const webhookParametersSchema = z.strictObject({ id: z.string().max(200) });

export const newEndpointSchema = z.strictObject({
  url: callerUrlSchema,
  /** The four ends of a job unless told. */
  events: eventChoiceSchema.exactOptional(),
  include: includeSchema.exactOptional(),
  description: descriptionSchema.exactOptional(),
  /** `symmetric` (HMAC-SHA256) unless told. */
  kind: signingKeyKindSchema.exactOptional(),
  /** A `whsec_…` of the caller's own; one is made otherwise. */
  secret: callerSecretSchema.exactOptional(),
});

export const endpointChangeSchema = z
  .strictObject({
    url: callerUrlSchema.exactOptional(),
    events: eventChoiceSchema.exactOptional(),
    include: includeSchema.nullable().exactOptional(),
    description: descriptionSchema.nullable().exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'changes nothing');

export const rotationSchema = z.strictObject({
  grace_period: gracePeriodSchema.exactOptional(),
  kind: signingKeyKindSchema.exactOptional(),
  secret: callerSecretSchema.exactOptional(),
});

export const defaultRotationSchema = rotationSchema.pick({ grace_period: true });

export const testEventSchema = z.strictObject({ type: eventTypeSchema.exactOptional() });

export const replaySchema = z
  .strictObject({
    /** Only what was made at or after this. */
    since: givenInstantSchema.exactOptional(),
    /** Only what was made before this. */
    before: givenInstantSchema.exactOptional(),
    /** Only what was given up. */
    dead_letters: z.literal(true).exactOptional(),
  })
  .refine(
    ({ since, dead_letters: deadLetters }) => since !== undefined || deadLetters === true,
    'name what to redeliver: "since", or "dead_letters": true',
  );

export const endpointSchema = z.object({
  id: z.string(),
  object: z.literal('webhook_endpoint'),
  url: z.string(),
  /** Empty for the endpoint that stands for jobs' callbacks, which say so one by one. */
  events: z.array(eventTypeSchema),
  include: includeSchema.optional(),
  description: z.string().optional(),
  status: z.enum(['enabled', 'disabled']),
  disabled_reason: disabledReasonSchema.optional(),
  /** Keys that sign now, newest first; two or more during a rotation. */
  keys: z.array(
    z.object({
      kind: signingKeyKindSchema,
      created_at: instantSchema,
      /** When it signs no more. */
      expires_at: instantSchema.optional(),
      /** `whpk_…` of an Ed25519 key, by which a receiver verifies; it is no secret. */
      public_key: z.string().optional(),
    }),
  ),
  created_at: instantSchema,
  updated_at: instantSchema,
});
export type EndpointView = z.infer<typeof endpointSchema>;

/** One endpoint alone also tells how its deliveries stand. */
export const endpointDetailSchema = endpointSchema.extend({
  deliveries: z.object({ pending: z.int(), delivered: z.int(), dead: z.int() }),
});

/** The secret is told here and never again. */
export const endpointWithSecretSchema = endpointSchema.extend({ secret: z.string() });

export const endpointListSchema = z.object({
  object: z.literal('list'),
  data: z.array(endpointSchema),
});

export const removedEndpointSchema = z.object({
  id: z.string(),
  object: z.literal('webhook_endpoint'),
  deleted: z.literal(true),
});

export const defaultSecretSchema = z.object({
  object: z.literal('webhook_secret'),
  exists: z.boolean(),
  created_at: instantSchema.optional(),
  /** Keys that sign now; two during a rotation. */
  keys: z.int(),
});

/** The secret is told here and never again. */
export const newDefaultSecretSchema = defaultSecretSchema.extend({ secret: z.string() });

export const deliverySchema = z.object({
  id: z.string(),
  object: z.literal('webhook_delivery'),
  project: z.string(),
  endpoint: z.string(),
  url: z.string(),
  /** `id` is the `webhook-id` of every try. */
  event: z.object({ id: z.string(), type: eventTypeSchema, created_at: instantSchema }),
  /** Absent of a test event. */
  job: z.string().optional(),
  /** The attempt that failed, of `job.attempt_failed`. */
  attempt: z.int().optional(),
  state: deliveryStateSchema,
  /** Why it was given up; only of a dead one. */
  reason: deadReasonSchema.optional(),
  /** Since it was made or redelivered. */
  try_count: z.int(),
  last_status_code: z.int().optional(),
  created_at: instantSchema,
  next_try_at: instantSchema.optional(),
  settled_at: instantSchema.optional(),
});
export type DeliveryView = z.infer<typeof deliverySchema>;

export const deliveryDetailSchema = deliverySchema.extend({
  /** Every request made, the oldest first. */
  tries: z.array(
    z.object({
      number: z.int(),
      outcome: z.enum(['delivered', 'failed']),
      started_at: instantSchema,
      duration_ms: z.number().optional(),
      status_code: z.int().optional(),
      /** Why there was no answer. */
      error: z.string().optional(),
      /** The first kilobyte of the answer. */
      answer: z.string().optional(),
    }),
  ),
});
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>;

export const deliveryQuerySchema = z.strictObject({
  job: z.string().max(100).optional(),
  endpoint: z.string().max(100).optional(),
  state: deliveryStateSchema.optional(),
  /** Made at or after this. */
  since: givenInstantSchema.optional(),
  /** Made before this. */
  before: givenInstantSchema.optional(),
  /** `next_after` of the page before, or the id of a delivery. */
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(MOST_PER_PAGE).default(20),
});

export const deliveryListSchema = z.object({
  object: z.literal('list'),
  data: z.array(deliverySchema),
  has_more: z.boolean(),
  next_after: z.string().optional(),
});

export const replayedSchema = z.object({
  object: z.literal('webhook_replay'),
  endpoint: z.string(),
  redelivered: z.int(),
  /** True when there was more than one request takes up. */
  has_more: z.boolean(),
});
