import { SCHEMA_VERSION } from '@understudy/contracts';
import type { Callback } from '@understudy/contracts';
import type { DeliveryWish } from './create-deliveries.ts';
import { deliveryIdOf, shapeOf } from './delivery.ts';
import type { WebhookEvent } from './delivery.ts';
import type { Subscription } from './endpoint.ts';
import { implicitEndpoint } from './endpoint-records.ts';

/** Who is told of an event: the callback of its job or batch, and every endpoint that asked for its type. */
export function wishesFor(
  event: WebhookEvent,
  callback: Callback | undefined,
  endpoints: readonly Subscription[],
): DeliveryWish[] {
  const subscribed = endpoints.filter(
    ({ status, events }) => status === 'enabled' && events.includes(event.type),
  );
  const wishes = subscribed.map((endpoint) => wishFor(event, endpoint));
  if (callback?.events.includes(event.type)) wishes.push(callbackWish(event, callback));
  return wishes;
}

/** A delivery of the event to a registered endpoint. */
export function wishFor(event: WebhookEvent, endpoint: Subscription): DeliveryWish {
  const { id, url, include } = endpoint;
  return {
    order: {
      v: SCHEMA_VERSION,
      id: deliveryIdOf(event.id, id),
      endpoint: id,
      url,
      event,
      shape: shapeOf(event.type),
      ...(include === undefined ? {} : { include }),
    },
  };
}

function callbackWish(event: WebhookEvent, callback: Callback): DeliveryWish {
  const implicit = implicitEndpoint(event.project, callback.url, event.at);
  const { include, secret } = callback;
  const { order } = wishFor(event, { ...implicit, ...(include === undefined ? {} : { include }) });
  return { order: { ...order, ...(secret === undefined ? {} : { secret }) }, implicit };
}
