import type { WebhookDelivery } from '@understudy/client';
import { ask } from '../../api/connection.ts';
import type { Api } from '../../api/connection.ts';
import type { DeliveryFilter } from './delivery-filter.ts';

export interface DeliveryPage {
  deliveries: WebhookDelivery[];
  /** Where the next page begins; undefined on the last. */
  next?: string;
}

const PER_PAGE = 25;

/** One page of the log, newest first. */
export async function readDeliveries(
  api: Api,
  filter: DeliveryFilter,
  after: string | undefined,
  signal: AbortSignal,
): Promise<DeliveryPage> {
  const query = { ...filter, limit: PER_PAGE, ...(after === undefined ? {} : { after }) };
  const page = await ask(api.GET('/v1/webhooks/deliveries', { params: { query }, signal }));
  const { data: deliveries, has_more: hasMore, next_after: next } = page;
  return { deliveries, ...(hasMore && next !== undefined ? { next } : {}) };
}

/** Sends the same event once more. */
export function redeliver(api: Api, id: string): Promise<WebhookDelivery> {
  return ask(api.POST('/v1/webhooks/deliveries/{id}/redeliver', { params: { path: { id } } }));
}

const REASONS: Readonly<Record<string, string>> = {
  tries_exhausted: 'The last try of its schedule failed.',
  endpoint_failing: 'Its endpoint failed for as long as a whole schedule takes.',
  endpoint_disabled: 'Its endpoint is disabled, or was removed.',
  refused: 'The outbound policy forbids the address.',
};

/** Why a delivery was given up, in a sentence. */
export function reasonText(reason: string): string {
  return REASONS[reason] ?? reason.replaceAll('_', ' ');
}
