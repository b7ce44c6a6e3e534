import type { BulkFilter, FacetName, JobQuery, JobStatus } from '../../api/contract.ts';

/**
 * What the list is narrowed down to, as it stands in the address. It holds nothing that there is not:
 * what it says is what is asked for and acted on.
 */
export interface JobFilter {
  status?: JobStatus;
  route?: string;
  model?: string;
  provider?: string;
  error?: string;
  /** Id of a batch. */
  batch?: string;
  /** `key:value`, all of which a job must have; no key twice. */
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
type Single = (typeof SINGLE)[number];

const STATUSES = ['queued', 'in_progress', 'completed', 'failed', 'cancelled', 'expired'] as const;

/** What the address says. It can be written by hand: what it says wrongly is left out. */
export function readFilter(search: string): JobFilter {
  const parameters = new URLSearchParams(search);
  let filter: JobFilter = { metadata: [] };
  for (const name of SINGLE) {
    const value = parameters.get(name);
    if (value !== null && value !== '') filter = withSingle(filter, name, value) ?? filter;
  }
  for (const pair of parameters.getAll('metadata')) filter = withPair(filter, pair) ?? filter;
  return filter;
}

/** Undefined where there is no such status or age. */
function withSingle(filter: JobFilter, name: Single, value: string): JobFilter | undefined {
  if (name === 'age') return Object.hasOwn(AGES, value) ? { ...filter, age: value } : undefined;
  if (name !== 'status') return { ...filter, [name]: value };
  const status = STATUSES.find((one) => one === value);
  return status === undefined ? undefined : { ...filter, status };
}

/** In place of an earlier pair of the same key; undefined for what is no pair. */
function withPair(filter: JobFilter, pair: string): JobFilter | undefined {
  const [key] = splitPair(pair);
  if (key === '') return undefined;
  const others = filter.metadata.filter((one) => splitPair(one)[0] !== key);
  return { ...filter, metadata: [...others, pair] };
}

/** A value may hold colons, a key does not. */
function splitPair(pair: string): [key: string, value: string] {
  const colon = Math.max(0, pair.indexOf(':'));
  return [pair.slice(0, colon), pair.slice(colon + 1)];
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
  return before === value ? rest : (withSingle(rest, facet, value) ?? rest);
}

/**
 * What was typed, as a filter: `status:failed`, `route:…`, and any other `key:value` as metadata.
 * @returns undefined for what is none; `typedAdvice` says what to write instead
 */
export function withTyped(filter: JobFilter, typed: string): JobFilter | undefined {
  const [, key, value] = /^\s*([^:\s][^:]*?)\s*:\s*(\S.*?)\s*$/.exec(typed) ?? [];
  if (key === undefined || value === undefined) return undefined;
  const single = SINGLE.find((name) => name === key);
  if (single === 'age') return undefined;
  if (single !== undefined) return withSingle(filter, single, value);
  return withPair(filter, `${key}:${value}`);
}

/** What to write instead of what was typed wrongly. */
export function typedAdvice(typed: string): string {
  if (/^\s*status\s*:/.test(typed)) return `A status is one of ${STATUSES.join(', ')}.`;
  return 'Write key:value, or the id of a job.';
}

/** The filter in words, one for each condition. */
export function conditionsOf(filter: JobFilter): string[] {
  const { age, metadata } = filter;
  const named = [...FILTER_FACETS, 'batch' as const].flatMap((name) => {
    const value = filter[name];
    return value === undefined ? [] : [`${name} ${value}`];
  });
  return [
    ...named,
    ...metadata,
    ...(age === undefined ? [] : [(AGES[age]?.title ?? age).toLowerCase()]),
  ];
}

/** As the API's list and facets take it. @param now to count the age from, in ms since the epoch */
export function queryOf(filter: JobFilter, now: number): JobQuery {
  const { age, metadata, ...facets } = filter;
  const ageMs = age === undefined ? undefined : AGES[age]?.ms;
  return {
    ...facets,
    ...(metadata.length === 0 ? {} : { metadata: [...metadata] }),
    ...(ageMs === undefined ? {} : { created_after: new Date(now - ageMs).toISOString() }),
  };
}

/** As the bulk actions take it: nothing that is accepted later, such as a retry, is in it. */
export function bulkFilterOf(filter: JobFilter, now: number): BulkFilter {
  const { metadata: _spelledOtherwise, ...query } = queryOf(filter, now);
  const pairs = filter.metadata.map(splitPair);
  return {
    ...query,
    ...(pairs.length === 0 ? {} : { metadata: Object.fromEntries(pairs) }),
    created_before: new Date(now).toISOString(),
  };
}
