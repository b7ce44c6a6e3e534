import { isUnreadable } from '@understudy/job-store';
import type { UnreadableRecord } from '@understudy/job-store';
import type { DeliveryReference, NewDelivery } from './delivery-records.ts';
import { withJitter } from './retry-schedule.ts';
import type { WebhookParts } from './webhook-parts.ts';

/** What is to be delivered; when, the schedule says. */
export type DeliveryWish = Omit<NewDelivery, 'dueAt'>;

/** A delivery that stays out of its project's lists. */
export type UnlistedDelivery = DeliveryReference & UnreadableRecord;

/**
 * Makes deliveries, lists them and queues the turns that serve them. Called again with the same,
 * as after a crash in the midst of it, it completes what is missing and makes nothing twice.
 * @param random 0 to 1; for the delay before the first try
 */
export async function createDeliveries(
  parts: WebhookParts,
  wishes: readonly DeliveryWish[],
  random: () => number,
): Promise<void> {
  if (wishes.length === 0) return;
  const { deliveries, clock, settings, listedMs } = parts;
  const now = clock.now();
  await Promise.all(
    wishes.map((wish) => {
      const dueAt = now + withJitter(settings.retriesMs[0] ?? 0, random());
      return deliveries.create({ ...wish, dueAt }, now, listedMs);
    }),
  );
  await listDeliveries(
    parts,
    wishes.map(({ order }) => order),
  );
  await parts.wake([...new Set(wishes.map(({ order }) => order.endpoint))]);
}

/**
 * Brings the project's lists in line with these deliveries, also where they do not open here.
 * @returns what no list can name, as its order is damaged, or of a newer release
 */
export async function listDeliveries(
  { deliveries, lists }: Pick<WebhookParts, 'deliveries' | 'lists'>,
  references: readonly DeliveryReference[],
): Promise<UnlistedDelivery[]> {
  const found = await deliveries.readListed(references);
  await lists.index(found.flatMap((one) => (one === undefined || isUnreadable(one) ? [] : [one])));
  return references.flatMap((reference, index) => {
    const one = found[index];
    return isUnreadable(one) ? { ...reference, ...one } : [];
  });
}
