import { createHash } from 'node:crypto';
import { eventTypeSchema } from '@understudy/contracts';
import type { EventType } from '@understudy/contracts';
import { batchEventDataSchema } from '@understudy/job-store';
import { z } from 'zod';

/** pending → delivered | dead; a redelivery makes it pending again. */
export const deliveryStateSchema = z.enum(['pending', 'delivered', 'dead']);
export type DeliveryState = z.infer<typeof deliveryStateSchema>;

/** What happened to a job, as the outbox told it, or how a batch ended. */
const webhookEventSchema = z.object({
  /** Stable: the same however often it is relayed or delivered; the `webhook-id`. */
  id: z.string(),
  type: eventTypeSchema,
  project: z.string(),
  /** Absent of a batch's event, and of a test event. */
  job: z.string().optional(),
  /** What is told of a batch; complete from the start, for its end changes no more. */
  batch: batchEventDataSchema.optional(),
  /** The attempt that failed, of `job.attempt_failed`. */
  attempt: z.int().optional(),
  /** When it happened. */
  at: z.number(),
  /** W3C trace context of the job or batch; absent of a test event. Not part of the payload. */
  traceparent: z.string().optional(),
});
export type WebhookEvent = z.infer<typeof webhookEventSchema>;

/** How the payload of an event is shaped: as ours, or so that OpenAI's SDK knows it. */
const eventShapeSchema = z.enum(['understudy', 'openai']);
export type EventShape = z.infer<typeof eventShapeSchema>;

/** Events that OpenAI has too are told in its shape, to everybody. */
export function shapeOf(type: EventType): EventShape {
  return type.startsWith('job.') ? 'understudy' : 'openai';
}

/** What is fixed when a delivery is made. */
export const deliveryOrderSchema = z.object({
  v: z.int(),
  id: z.string(),
  endpoint: z.string(),
  /** Empty where that of a registered endpoint did not open as the delivery was made. */
  url: z.string(),
  event: webhookEventSchema,
  shape: eventShapeSchema,
  include: z.literal('result').optional(),
  /** The callback's own secret; where absent, the endpoint's keys or the project's default sign. */
  secret: z.string().optional(),
});
export type DeliveryOrder = z.infer<typeof deliveryOrderSchema>;

/** What of an order lists go by; none of it is encrypted. */
export const listedOrderSchema = deliveryOrderSchema.pick({
  id: true,
  endpoint: true,
  event: true,
});

/** Why a delivery is dead. */
export const deadReasonSchema = z.enum([
  /** The last try of the schedule failed. */
  'tries_exhausted',
  /** The endpoint failed for as long as a whole schedule takes; no more tries were wasted on it. */
  'endpoint_failing',
  /** It answered 410, or was disabled or removed. */
  'endpoint_disabled',
  /** The outbound policy forbids its address. */
  'refused',
]);
export type DeadReason = z.infer<typeof deadReasonSchema>;

/** One event on its way to one endpoint. Instants are milliseconds since the epoch. */
export interface Delivery {
  /** `del_…`, from event and endpoint. */
  id: string;
  project: string;
  /** `we_…` or `cb_…`. */
  endpoint: string;
  url: string;
  event: WebhookEvent;
  state: DeliveryState;
  /** Tries whose outcome is known, since the delivery was made or redelivered. */
  tries: number;
  createdAt: number;
  /** When the next try is due; only while pending. An open breaker may hold it longer. */
  nextAt?: number;
  settledAt?: number;
  reason?: DeadReason;
  /** Of the latest try. */
  lastStatus?: number;
}

/** As much of a delivery as lists go by. */
export type ListedDelivery = Pick<
  Delivery,
  'id' | 'project' | 'endpoint' | 'event' | 'state' | 'createdAt'
>;

/** One HTTP request of a delivery. */
export const deliveryTrySchema = z.object({
  /** Counts from 1 over all redeliveries. */
  number: z.int(),
  started_at: z.number(),
  duration_ms: z.number().optional(),
  /** Status of the answer, where there was one. */
  status_code: z.int().optional(),
  /** Why there was no answer: refused by the outbound policy, timeout, connection error. */
  error: z.string().optional(),
  /** First kilobyte of the answer, without credentials. */
  answer: z.string().optional(),
  outcome: z.enum(['delivered', 'failed']),
});
export type DeliveryTry = z.infer<typeof deliveryTrySchema>;

/** Every member that is given must fit. */
export interface DeliveryFilter {
  job?: string;
  endpoint?: string;
  state?: DeliveryState;
  /** Made at or after, before. */
  since?: number;
  before?: number;
}

/** Deterministic, so that an event which is relayed twice is delivered once. */
export function deliveryIdOf(eventId: string, endpoint: string): string {
  const digest = createHash('sha256').update(endpoint).digest('hex').slice(0, 12);
  return `del_${eventId.replace(/^evt_/, '')}_${digest}`;
}
