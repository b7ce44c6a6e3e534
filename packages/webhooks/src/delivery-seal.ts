import type { Sealer } from '@understudy/sealing';
import { deliveryOrderSchema, deliveryTrySchema } from './delivery.ts';
import type { DeliveryOrder, DeliveryTry } from './delivery.ts';
import { logKey } from './webhook-keys.ts';

/**
 * What of a delivery is encrypted: the secret of its callback, the payload, which may hold an answer,
 * and its log, for a receiver may repeat what it was sent.
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
  const withSecret = (order: DeliveryOrder, change: Sealer['sealText']): DeliveryOrder =>
    order.secret === undefined
      ? order
      : { ...order, secret: change(order.secret, `${key}#callback`) };
  return {
    orderText: (order) => JSON.stringify(withSecret(order, sealer.sealText)),
    order: (text) => withSecret(deliveryOrderSchema.parse(JSON.parse(text)), sealer.openText),
    payloadText: (payload) => sealer.sealText(payload, `${key}#payload`),
    payload: (text) => sealer.openText(text, `${key}#payload`),
    tryText: (attempt) => sealer.sealText(JSON.stringify(attempt), logKey(key)),
    try: (text, number) =>
      deliveryTrySchema.parse({ ...JSON.parse(sealer.openText(text, logKey(key))), number }),
  };
}
