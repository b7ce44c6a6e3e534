import type { DeliveryFilter, DeliveryState } from '@understudy/webhooks';

/** What a request says of the deliveries it means, instants as RFC 3339. */
interface AskedDeliveries {
  job?: string | undefined;
  endpoint?: string | undefined;
  state?: DeliveryState | undefined;
  since?: string | undefined;
  before?: string | undefined;
}

export function deliveryFilter({
  job,
  endpoint,
  state,
  since,
  before,
}: AskedDeliveries): DeliveryFilter {
  return {
    ...(job === undefined ? {} : { job }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(state === undefined ? {} : { state }),
    ...(since === undefined ? {} : { since: Date.parse(since) }),
    ...(before === undefined ? {} : { before: Date.parse(before) }),
  };
}
