import { isUnreadable } from '@understudy/job-store';
import type { UnreadableTeller } from '@understudy/runtime';
import type { Delivery, DeliveryFilter } from './delivery.ts';
import type { DeliveryReference } from './delivery-records.ts';
import type { WebhookParts } from './webhook-parts.ts';
import type { DeliveryPosition } from './webhook-store.ts';

/** Rows that are read at a time, to keep those that fit. */
const PAGE = 200;
/** One call looks through so many rows at most, and then says where to go on. */
const MOST_ROWS = 2000;

interface Readable extends Pick<WebhookParts, 'deliveries' | 'lists'> {
  /** Is told of each delivery that is left out, as it cannot be read. */
  tellUnreadable: UnreadableTeller;
}

/** Deliveries that fit, newest first; `next` is where to go on. May be short although more follow. */
export async function findPage(
  parts: Readable,
  project: string,
  filter: DeliveryFilter,
  after: DeliveryPosition | undefined,
  limit: number,
): Promise<{ deliveries: Delivery[]; next?: DeliveryPosition }> {
  const fitting: Delivery[] = [];
  let position = after;
  for (let looked = 0; looked < MOST_ROWS; looked += PAGE) {
    const rows = await parts.lists.page(project, filter, position, PAGE);
    const found = await readThose(parts, project, rows);
    for (const [index, { id, createdAt }] of rows.entries()) {
      const delivery = found[index];
      // One row more than asked for shows that something follows.
      if (delivery !== undefined && fits(delivery, filter)) {
        if (fitting.length === limit) return withNext(fitting, position);
        fitting.push(delivery);
      }
      position = { createdAt, id };
    }
    if (rows.length < PAGE) return { deliveries: fitting };
  }
  return withNext(fitting, position);
}

/** Settled deliveries that fit, oldest first, but those that cannot be read. */
export async function findSettled(
  parts: Readable,
  project: string,
  filter: DeliveryFilter,
  limit: number,
): Promise<DeliveryReference[]> {
  const fitting: DeliveryReference[] = [];
  for (let offset = 0; fitting.length < limit; offset += PAGE) {
    const rows = await readRows(parts, project, filter, offset);
    const found = await readThose(parts, project, rows);
    for (const delivery of found) {
      if (delivery === undefined || delivery.state === 'pending') continue;
      if (delivery.project === project && fits(delivery, filter)) fitting.push(delivery);
    }
    if (rows.length === 0) break;
  }
  return fitting.slice(0, limit);
}

/** Undefined where one is no longer kept, or cannot be read. */
async function readThose(
  { deliveries, tellUnreadable }: Readable,
  project: string,
  references: readonly DeliveryReference[],
): Promise<(Delivery | undefined)[]> {
  const found = await deliveries.readAll(references);
  return references.map(({ id, endpoint }, index) => {
    const one = found[index];
    if (!isUnreadable(one)) return one;
    tellUnreadable({ project, id, receiver: endpoint }, { delivery: id, endpoint }, one.unreadable);
    return undefined;
  });
}

/** The dead letters of an endpoint stand apart, so that they are found among many deliveries. */
async function readRows(
  { deliveries, lists }: Readable,
  project: string,
  filter: DeliveryFilter,
  offset: number,
): Promise<DeliveryReference[]> {
  const { endpoint, state, job } = filter;
  if (endpoint === undefined || state !== 'dead' || job !== undefined) {
    return lists.oldest(project, filter, offset, PAGE);
  }
  const ids = await deliveries.deadOf(endpoint, offset, PAGE);
  return ids.map((id) => ({ endpoint, id }));
}

function fits(
  delivery: Delivery,
  { job, endpoint, state, since, before }: DeliveryFilter,
): boolean {
  return (
    (job === undefined || delivery.event.job === job) &&
    (endpoint === undefined || delivery.endpoint === endpoint) &&
    (state === undefined || delivery.state === state) &&
    (since === undefined || delivery.createdAt >= since) &&
    (before === undefined || delivery.createdAt < before)
  );
}

function withNext(deliveries: Delivery[], next: DeliveryPosition | undefined) {
  return next === undefined ? { deliveries } : { deliveries, next };
}
