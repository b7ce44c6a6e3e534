/** What the log of deliveries is narrowed to; it lives in the address of the page. */
export interface DeliveryFilter {
  state?: DeliveryState;
  endpoint?: string;
  job?: string;
  /** RFC 3339. */
  since?: string;
  before?: string;
}

export type DeliveryState = 'pending' | 'delivered' | 'dead';

export const DELIVERY_STATES: readonly DeliveryState[] = ['pending', 'delivered', 'dead'];

const TEXTS = ['endpoint', 'job', 'since', 'before'] as const;

/** What the address says; what it says wrongly is left out. */
export function readDeliveryFilter(query: Readonly<Record<string, string>>): DeliveryFilter {
  const filter: DeliveryFilter = {};
  const state = DELIVERY_STATES.find((known) => known === query['state']);
  if (state !== undefined) filter.state = state;
  for (const name of TEXTS) {
    const text = query[name]?.trim();
    if (text === undefined || text === '') continue;
    if ((name === 'since' || name === 'before') && !isInstant(text)) continue;
    filter[name] = text;
  }
  return filter;
}

/** RFC 3339 as the API takes it: `Date` alone makes some year or other of `10`. */
function isInstant(text: string): boolean {
  const isWritten = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  return isWritten && !Number.isNaN(Date.parse(text));
}

/** The address of the log so narrowed. @param project to be named in it */
export function deliveryAddress(filter: DeliveryFilter, project?: string): string {
  const query = new URLSearchParams(
    Object.entries({ ...filter, project }).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  );
  return query.size === 0 ? '/console/deliveries' : `/console/deliveries?${query}`;
}

/** The value of a `datetime-local` input, which knows no time zone, for an instant. */
export function localInput(instant: string | undefined): string {
  if (instant === undefined) return '';
  const date = new Date(instant);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The instant that a `datetime-local` input says; undefined where it says none. */
export function fromLocalInput(text: string): string | undefined {
  if (text === '') return undefined;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
