import { createSealedMembers, isSealedText } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { deliveryOrderSchema, deliveryTrySchema } from './delivery.ts';
import type { DeliveryOrder, DeliveryTry } from './delivery.ts';
import { logKey } from './webhook-keys.ts';

/** Of an order: a URL may hold a token, or name somebody. */
const WHERE_TO = ['url', 'secret'];

/**
 * What of a delivery is encrypted: where it goes and the secret of its callback, the payload, which
 * may hold an answer, and its log, for a receiver may repeat what it was sent.
 */
export interface DeliverySeal {
  orderText(order: DeliveryOrder): string;
  order(text: string): DeliveryOrder;
  payloadText(payload: string): string;
  payload(text: string): string;
  tryText(attempt: Omit<DeliveryTry, 'number'>): string;
  try(text: string, number: number): DeliveryTry;
}

/** @param key of the delivery in Redis; everything is bound to it */
export function createDeliverySeal(sealer: Sealer, key: string): DeliverySeal {
  const members = createSealedMembers(sealer, WHERE_TO);
  const places = { order: `${key}#order`, secret: `${key}#callback` };
  return {
    orderText: (order) => JSON.stringify(members.seal(order, places.order)),
    order: (text) => {
      const order = deliveryOrderSchema.parse(members.open(JSON.parse(text), places.order));
      // As orders from before held it.
      if (order.secret === undefined || !isSealedText(order.secret)) return order;
      return { ...order, secret: sealer.openText(order.secret, places.secret) };
    },
    payloadText: (payload) => sealer.sealText(payload, `${key}#payload`),
    payload: (text) => sealer.openText(text, `${key}#payload`),
    tryText: (attempt) => sealer.sealText(JSON.stringify(attempt), logKey(key)),
    try: (text, number) =>
      deliveryTrySchema.parse({ ...JSON.parse(sealer.openText(text, logKey(key))), number }),
  };
}
