import { currentKeys, verifierOf } from '@understudy/webhooks';
import type {
  DefaultSecret,
  Delivery,
  DeliveryReport,
  DeliveryTry,
  WebhookEndpoint,
} from '@understudy/webhooks';
import { instant } from '../answers/instant.ts';
import type { DeliveryDetail, DeliveryView, EndpointView } from '../schemas/webhook-schemas.ts';

/** An endpoint as its owner sees it: its keys without their secrets. */
export function renderEndpoint(endpoint: WebhookEndpoint, now: number): EndpointView {
  const { id, url, events, include, description, status, disabled_reason: reason } = endpoint;
  return {
    id,
    object: 'webhook_endpoint',
    url,
    events,
    ...(include === undefined ? {} : { include }),
    ...(description === undefined ? {} : { description }),
    status,
    ...(reason === undefined ? {} : { disabled_reason: reason }),
    keys: currentKeys(endpoint.keys, now).map((key) => ({
      kind: key.kind,
      created_at: instant(key.created_at),
      ...(key.expires_at === undefined ? {} : { expires_at: instant(key.expires_at) }),
      // Of a symmetric key the verifier is the secret itself.
      ...(key.kind === 'ed25519' ? { public_key: verifierOf(key) } : {}),
    })),
    created_at: instant(endpoint.created_at),
    updated_at: instant(endpoint.updated_at),
  };
}

export function renderDefaultSecret(secret: DefaultSecret | undefined) {
  return {
    object: 'webhook_secret' as const,
    exists: secret !== undefined,
    ...(secret === undefined ? {} : { created_at: instant(secret.createdAt) }),
    keys: secret?.currentKeys ?? 0,
  };
}

/** A delivery without what was tried, for lists. */
export function renderDelivery(delivery: Delivery): DeliveryView {
  const { id, endpoint, url, event, state, reason, nextAt, settledAt, lastStatus } = delivery;
  return {
    id,
    object: 'webhook_delivery',
    project: delivery.project,
    endpoint,
    url,
    event: { id: event.id, type: event.type, created_at: instant(event.at) },
    ...(event.job === undefined ? {} : { job: event.job }),
    ...(event.attempt === undefined ? {} : { attempt: event.attempt }),
    state,
    ...(reason === undefined ? {} : { reason }),
    try_count: delivery.tries,
    ...(lastStatus === undefined ? {} : { last_status_code: lastStatus }),
    created_at: instant(delivery.createdAt),
    ...(nextAt === undefined ? {} : { next_try_at: instant(nextAt) }),
    ...(settledAt === undefined ? {} : { settled_at: instant(settledAt) }),
  };
}

/** With every try; what receivers answered only for those who may see content. */
export function renderReport(
  { delivery, tries }: DeliveryReport,
  showsContent: boolean,
): DeliveryDetail {
  return {
    ...renderDelivery(delivery),
    tries: tries.map((one) => renderTry(showsContent ? one : withoutAnswer(one))),
  };
}

function withoutAnswer({ answer: _hidden, ...rest }: DeliveryTry): DeliveryTry {
  return rest;
}

function renderTry(one: DeliveryTry): DeliveryDetail['tries'][number] {
  return { ...one, started_at: instant(one.started_at) };
}
