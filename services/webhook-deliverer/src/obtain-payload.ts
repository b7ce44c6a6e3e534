import { listDeliveries } from '@understudy/webhooks';
import type { TakenDelivery } from '@understudy/webhooks';
import type { DelivererContext } from './deliverer-context.ts';
import { renderPayload } from './render-payload.ts';

/**
 * What every try of a delivery sends: the payload of the first one, kept. A job may be erased at any
 * moment of this, and whoever erases it forgets the payloads of its listed deliveries after its
 * record. So a delivery is listed before the answer is read: either the answer is gone already, or
 * the payload is kept before the forgetting, or keeping it meets the mark and it is rendered again,
 * from what is left of the job.
 */
export async function obtainPayload(
  context: Pick<DelivererContext, 'parts' | 'jobs' | 'settings'>,
  { id, order, payload }: Pick<TakenDelivery, 'id' | 'order' | 'payload'>,
): Promise<string> {
  if (payload !== undefined) return payload;
  const { parts } = context;
  const { endpoint, event } = order;
  if ((await parts.lists.find(event.project, id)) === undefined) {
    const [unlisted] = await listDeliveries(parts, [{ endpoint, id }]);
    if (unlisted !== undefined) throw unlisted.unreadable;
  }
  const rendered = await renderPayload(context, order);
  const kept = await parts.turns.keepPayload(endpoint, id, rendered);
  return kept ?? renderPayload(context, order);
}
