import type { EventType } from '@understudy/contracts';
import type { Delivery, DeliveryFilter, DeliveryState, DeliveryTry } from './delivery.ts';
import type { EndpointChange, EndpointDraft, WebhookEndpoint } from './endpoint.ts';
import type { RepeatableRequest } from './repeatable-request.ts';
import type { SigningKeyKind } from './signing-key.ts';

/** A new key's text, which is told once and never again. */
export interface RevealedKey {
  /** `whsec_…`; of an Ed25519 key the public part, `whpk_…`: its private one is told to nobody. */
  secret: string;
}

export type EndpointCreation =
  | ({ kind: 'made'; endpoint: WebhookEndpoint } & RevealedKey)
  /**
   * The request registered it before: the endpoint as it is, which may be removed. Without the
   * secret where that is told no more.
   */
  | ({ kind: 'repeated'; endpoint: WebhookEndpoint } & Partial<RevealedKey>);

/** What a receiver verifies by where a job's callback brought no secret of its own. */
export interface DefaultSecret {
  /** When the newest key was made. */
  createdAt: number;
  /** Keys that sign deliveries now: two during a rotation. */
  currentKeys: number;
}

/** Position in a list of deliveries, newest first: after this one. */
export interface DeliveryPosition {
  createdAt: number;
  id: string;
}

/** How many deliveries of an endpoint are in each state, of those that are still kept. */
export type DeliveryCounts = Record<DeliveryState, number>;

/** One delivery with everything that was tried, oldest try first. */
export interface DeliveryReport {
  delivery: Delivery;
  tries: DeliveryTry[];
}

/**
 * Endpoints and deliveries of webhooks in Redis, as their owners manage them. Every method is
 * scoped to a project: what belongs to another one is not there. Each change of one endpoint or
 * delivery is atomic.
 */
export interface WebhookStore {
  /**
   * Registers an endpoint and makes its key, or takes the one that the draft brings.
   * The URL must have been checked against the outbound policy.
   * @param request names the endpoint, so that registering it again registers nothing
   */
  createEndpoint(
    project: string,
    draft: EndpointDraft,
    request?: RepeatableRequest,
  ): Promise<EndpointCreation>;
  /** Also answers for the implicit endpoint (`cb_…`) of a callback. */
  readEndpoint(project: string, id: string): Promise<WebhookEndpoint | undefined>;
  /** The registered endpoints, oldest first. Those of callbacks are not listed. */
  listEndpoints(project: string): Promise<WebhookEndpoint[]>;
  /**
   * Changes what is given. Disabling buries what is pending; enabling closes the breaker. An
   * implicit endpoint can only be enabled or disabled.
   */
  updateEndpoint(
    project: string,
    id: string,
    change: EndpointChange,
  ): Promise<WebhookEndpoint | undefined>;
  /** Removes the endpoint; what is pending is buried. False when it was not there. */
  removeEndpoint(project: string, id: string): Promise<boolean>;
  /**
   * Adds a key that signs from now on; the others go on signing for `overlapMs`, so that every
   * delivery carries all valid signatures meanwhile. 0 ends them at once.
   */
  rotateKey(
    project: string,
    id: string,
    options: { overlapMs: number; kind?: SigningKeyKind; secret?: string },
  ): Promise<({ endpoint: WebhookEndpoint } & RevealedKey) | undefined>;
  /**
   * Queues a test event for the endpoint, whatever it subscribed to: of the type given, with made-up
   * data and `test: true`. Undefined when the endpoint is not there.
   * @param request names the event, so that sending it again sends nothing: the delivery is then that
   *   of the first time, whatever its type
   */
  sendTestEvent(
    project: string,
    id: string,
    type: EventType,
    request?: RepeatableRequest,
  ): Promise<Delivery | undefined>;

  /** Undefined while no key was made. */
  readDefaultSecret(project: string): Promise<DefaultSecret | undefined>;
  /** Makes the project's first default secret or a further one, as `rotateKey` does. */
  rotateDefaultSecret(project: string, options: { overlapMs: number }): Promise<RevealedKey>;

  readDelivery(project: string, id: string): Promise<DeliveryReport | undefined>;
  /**
   * Newest first, but those that cannot be read. At most `limit`; `next` is the position to go on from,
   * absent at the end.
   */
  listDeliveries(
    project: string,
    filter: DeliveryFilter,
    after: DeliveryPosition | undefined,
    limit: number,
  ): Promise<{ deliveries: Delivery[]; next?: DeliveryPosition }>;
  /**
   * Makes a settled delivery pending again, due now, with its whole retry schedule before it; the
   * event's id and payload stay. One that is pending becomes due now. Undefined when it is not there
   * or its endpoint is not.
   */
  redeliver(project: string, id: string): Promise<Delivery | undefined>;
  /**
   * Redelivers everything that fits, at most `limit` of it, oldest first; `more` when something is
   * left. What is pending, or cannot be read, is passed over. For "all since a time": `{endpoint, since}`; for the dead letters: `{endpoint, state: 'dead'}`.
   */
  redeliverAll(
    project: string,
    filter: DeliveryFilter,
    limit: number,
  ): Promise<{ redelivered: number; more: boolean }>;
  countDeliveries(project: string, id: string): Promise<DeliveryCounts>;
  /** Forgets the payloads of a job's deliveries, with the answers in them: the job was erased. */
  forgetPayloads(project: string, job: string): Promise<void>;
}
