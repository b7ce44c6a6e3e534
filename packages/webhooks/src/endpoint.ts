import { createHash } from 'node:crypto';
import { eventTypeSchema } from '@understudy/contracts';
import { z } from 'zod';
import { signingKeySchema } from './signing-key.ts';
import type { SigningKeyKind } from './signing-key.ts';

/** Why an endpoint gets nothing: its owner said so, it answered 410, or it was removed. */
export const disabledReasonSchema = z.enum(['by_owner', 'gone', 'removed']);

/** Somebody who is told of events. Instants are milliseconds since the epoch. */
export const webhookEndpointSchema = z.object({
  v: z.int(),
  /** `we_…` where registered, `cb_…` where it stands for the callbacks of jobs to one URL. */
  id: z.string(),
  project: z.string(),
  url: z.string(),
  /** What it hears of; empty for an implicit endpoint, whose jobs say so one by one. */
  events: z.array(eventTypeSchema),
  /** Put the answer into the event, where it is small enough. */
  include: z.literal('result').optional(),
  description: z.string().optional(),
  status: z.enum(['enabled', 'disabled']),
  disabled_reason: disabledReasonSchema.optional(),
  /** Newest first. Never shown; see `currentKeys`. Empty: the project's default secret signs. */
  keys: z.array(signingKeySchema),
  /** Fingerprint of the request that registered it, where that may be repeated. */
  request_fingerprint: z.string().optional(),
  created_at: z.number(),
  updated_at: z.number(),
});
export type WebhookEndpoint = z.infer<typeof webhookEndpointSchema>;

/** As much of an endpoint as its deliveries are made from; none of its secrets. */
export const subscriptionSchema = webhookEndpointSchema.pick({
  id: true,
  status: true,
  disabled_reason: true,
  events: true,
  include: true,
});
export interface Subscription extends z.infer<typeof subscriptionSchema> {
  /** Empty where it does not open under the keys of this process. */
  url: string;
}

/** What a caller says of a new endpoint. */
export interface EndpointDraft extends Pick<
  WebhookEndpoint,
  'url' | 'events' | 'include' | 'description'
> {
  /** `symmetric` unless told. */
  kind?: SigningKeyKind;
  /** A `whsec_…` of the caller's own instead of a new one. */
  secret?: string;
}

/** What may change of an endpoint. `null` takes a member away. */
export interface EndpointChange {
  url?: string;
  events?: WebhookEndpoint['events'];
  include?: 'result' | null;
  description?: string | null;
  status?: WebhookEndpoint['status'];
}

/** The implicit endpoint of a project's callbacks to one URL: all of them share its breaker. */
export function callbackEndpointId(project: string, url: string): string {
  const digest = createHash('sha256').update(`${project}\n${url}`).digest('base64url');
  // A hyphen or underscore would be fine in a key and is awkward in a URL or a shell.
  return `cb_${digest.replaceAll(/[-_]/g, '').slice(0, 24)}`;
}
