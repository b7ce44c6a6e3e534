import type { BulkFilter, FacetName, JobQuery } from '../../api/contract.ts';

/** What the list is narrowed down to, as it stands in the address. */
export interface JobFilter {
  status?: string;
  route?: string;
  model?: string;
  provider?: string;
  error?: string;
  /** Id of a batch. */
  batch?: string;
  /** `key:value`, all of which a job must have. */
  metadata: readonly string[];
  /** How far back: one of `AGES`. */
  age?: string;
}

/** A facet that narrows the list; the project is chosen for the whole console instead. */
export type FilterFacet = Exclude<FacetName, 'project'>;
export const FILTER_FACETS: readonly FilterFacet[] = [
  'status',
  'route',
  'model',
  'provider',
  'error',
];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How far back one may look, and how long that is. */
export const AGES: Readonly<Record<string, { title: string; ms: number }>> = {
  '15m': { title: 'Last 15 minutes', ms: 15 * MINUTE_MS },
  '1h': { title: 'Last hour', ms: HOUR_MS },
  '24h': { title: 'Last 24 hours', ms: 24 * HOUR_MS },
  '7d': { title: 'Last 7 days', ms: 7 * 24 * HOUR_MS },
};

const SINGLE = [...FILTER_FACETS, 'batch', 'age'] as const;

export function readFilter(search: string): JobFilter {
  const parameters = new URLSearchParams(search);
  const filter: JobFilter = { metadata: parameters.getAll('metadata') };
  for (const name of SINGLE) {
    const value = parameters.get(name);
    if (value !== null && value !== '') filter[name] = value;
  }
  if (filter.age !== undefined && !(filter.age in AGES)) delete filter.age;
  return filter;
}

/** The address of the list under a filter. */
export function filterPath(filter: JobFilter): string {
  const parameters = new URLSearchParams();
  for (const name of SINGLE) {
    const value = filter[name];
    if (value !== undefined) parameters.set(name, value);
  }
  for (const pair of filter.metadata) parameters.append('metadata', pair);
  const search = parameters.toString();
  return search === '' ? '/console/jobs' : `/console/jobs?${search}`;
}

export function isNarrowed(filter: JobFilter): boolean {
  return filter.metadata.length > 0 || SINGLE.some((name) => filter[name] !== undefined);
}

/** Sets the facet, or clears it where it has that value already. */
export function toggled(filter: JobFilter, facet: FilterFacet, value: string): JobFilter {
  const { [facet]: before, ...rest } = filter;
  return before === value ? rest : { ...rest, [facet]: value };
}

/** What was typed, as a filter: `status:failed`, `route:…`, and any other `key:value` as metadata. */
export function withTyped(filter: JobFilter, typed: string): JobFilter | undefined {
  const [, key, value] = /^\s*([^:\s][^:]*?)\s*:\s*(\S.*?)\s*$/.exec(typed) ?? [];
  if (key === undefined || value === undefined) return undefined;
  const single = SINGLE.find((name) => name === key);
  if (single === 'age') return undefined;
  if (single !== undefined) return { ...filter, [single]: value };
  const pair = `${key}:${value}`;
  const others = filter.metadata.filter((one) => one !== pair);
  return { ...filter, metadata: [...others, pair] };
}

/** As the API's list and facets take it. @param now to count the age from, in ms since the epoch */
export function queryOf(filter: JobFilter, now: number): JobQuery {
  const { age, metadata, ...facets } = filter;
  const ageMs = age === undefined ? undefined : AGES[age]?.ms;
  return {
    ...statusOf(facets),
    ...(metadata.length === 0 ? {} : { metadata: [...metadata] }),
    ...(ageMs === undefined ? {} : { created_after: new Date(now - ageMs).toISOString() }),
  };
}

/** As the bulk actions take it: nothing that is accepted later, such as a retry, is in it. */
export function bulkFilterOf(filter: JobFilter, now: number): BulkFilter {
  const { metadata: _spelledOtherwise, ...query } = queryOf(filter, now);
  const pairs = filter.metadata.map((pair) => {
    const colon = pair.indexOf(':');
    return [pair.slice(0, colon), pair.slice(colon + 1)];
  });
  return {
    ...query,
    ...(pairs.length === 0 ? {} : { metadata: Object.fromEntries(pairs) }),
    created_before: new Date(now).toISOString(),
  };
}

type Facets = Omit<JobFilter, 'age' | 'metadata'>;

const STATUSES = ['queued', 'in_progress', 'completed', 'failed', 'cancelled', 'expired'] as const;

/** An address can be written by hand: a status that there is not is left out. */
function statusOf({ status, ...rest }: Facets): Omit<Facets, 'status'> & Pick<JobQuery, 'status'> {
  const known = STATUSES.find((one) => one === status);
  return known === undefined ? rest : { ...rest, status: known };
}
