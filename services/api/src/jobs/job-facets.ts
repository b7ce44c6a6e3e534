import type { JobStatus } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import {
  countKinds,
  countNarrow,
  isUnread,
  kindOf,
  kindText,
  listsFor,
} from '@understudy/job-store';
import type { JobKind, KindCount, MeantAmong } from '@understudy/job-store';
import type { JobFacets, JobFilter } from '../schemas/job-filter-schemas.ts';
import { fits, hasMetadata, listFilter } from './job-filter.ts';
import { readRunningJobs } from './running-jobs.ts';

/** Values of one facet that are told, those with most jobs first. */
const MOST_VALUES = 100;

/** Jobs of one project that differ in nothing that facets tell. */
interface JobGroup extends Omit<JobKind, 'status'> {
  project: string;
  status: JobStatus;
  count: number;
}

const FACETS = ['status', 'route', 'model', 'provider', 'error'] as const;
type Facet = (typeof FACETS)[number];

/**
 * How many jobs of some projects fit a filter, and how they divide. Counted from the lengths of
 * lists, so that it costs the same for ten jobs and for a million; looked at are only the jobs that run
 * now and, where metadata is asked for and few jobs may have it, those.
 */
export async function countFacets(
  dispatch: OpenDispatch,
  projects: readonly string[],
  filter: JobFilter,
  isOperator: boolean,
): Promise<JobFacets> {
  const { groups, exact } = await readGroups(dispatch, projects, filter);
  const matching = groups.filter((group) => fitsBut(undefined, group, filter));
  const valuesBeside = (facet: Facet): FacetValue[] => {
    const beside = groups.filter((group) => fitsBut(facet, group, filter));
    return valuesOf(beside, facet);
  };
  return {
    object: 'job_facets',
    exact,
    total: { count: sumOf(matching) },
    facets: {
      status: valuesBeside('status'),
      route: valuesBeside('route'),
      model: valuesBeside('model'),
      provider: valuesBeside('provider'),
      error: valuesBeside('error'),
      ...(isOperator ? { project: valuesOf(matching, 'project') } : {}),
    },
  };
}

async function readGroups(
  dispatch: OpenDispatch,
  projects: readonly string[],
  filter: JobFilter,
): Promise<{ groups: JobGroup[]; exact: boolean }> {
  const { redis, keyPrefix } = dispatch;
  const { from, before, batch, metadata } = listFilter(filter);
  const ofAll = {
    ...(from === undefined ? {} : { from }),
    ...(before === undefined ? {} : { before }),
  };
  const narrow = {
    ...(batch === undefined ? {} : { batch }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  const lists = await listsFor(redis, keyPrefix, projects, narrow);
  const narrowed = await countNarrow(redis, lists, ofAll, withMetadata(dispatch, metadata));
  const counts = narrowed?.counts ?? (await countKinds(redis, lists, ofAll));
  return {
    groups: withRunning(counts, await runningKinds(dispatch, projects, filter)),
    exact: narrowed?.exact ?? Object.keys(narrow).length === 0,
  };
}

/** Undefined where one of the records cannot be read here: what it says is not known. */
function withMetadata({ store }: OpenDispatch, wanted: JobFilter['metadata']): MeantAmong {
  return async (jobs) => {
    const outlines = await store.readOutlines(jobs);
    const meant = [];
    for (const [index, job] of jobs.entries()) {
      const outline = outlines[index];
      if (isUnread(outline)) return undefined;
      if (outline !== undefined && hasMetadata(outline.request, wanted)) meant.push(job);
    }
    return meant;
  };
}

/** What runs now, of the jobs that fit but for what their lists tell. */
async function runningKinds(
  dispatch: OpenDispatch,
  projects: readonly string[],
  filter: JobFilter,
): Promise<KindCount[]> {
  const { created_after, created_before, batch, metadata } = filter;
  const beside: JobFilter = {
    ...(created_after === undefined ? {} : { created_after }),
    ...(created_before === undefined ? {} : { created_before }),
    ...(batch === undefined ? {} : { batch }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  const running = await readRunningJobs(dispatch, projects);
  return running
    .filter((record) => fits(record, beside))
    .map((record) => ({ project: record.request.project, kind: kindOf(record), count: 1 }));
}

function nameOf({ project, kind }: KindCount): string {
  return `${project}/${kindText(kind)}`;
}

/** The lists tell what has not ended; of that some runs now. */
function withRunning(counts: readonly KindCount[], running: readonly KindCount[]): JobGroup[] {
  const runningOf = Map.groupBy(running, nameOf);
  return counts.flatMap((counted): JobGroup[] => {
    const { project, kind, count } = counted;
    if (kind.status !== 'unfinished') return [{ ...kind, status: kind.status, project, count }];
    const runs = Math.min(count, runningOf.get(nameOf(counted))?.length ?? 0);
    return [
      { ...kind, status: 'in_progress' as const, project, count: runs },
      { ...kind, status: 'queued' as const, project, count: count - runs },
    ];
  });
}

function fitsBut(facet: Facet | undefined, group: JobGroup, filter: JobFilter): boolean {
  return FACETS.every(
    (one) => one === facet || filter[one] === undefined || filter[one] === group[one],
  );
}

interface FacetValue {
  value: string;
  count: number;
}

function valuesOf(groups: readonly JobGroup[], facet: Facet | 'project'): FacetValue[] {
  return [...Map.groupBy(groups, (group) => group[facet])]
    .map(([value, some]) => ({ value, count: sumOf(some) }))
    .filter(({ value, count }) => value !== '' && count > 0)
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_VALUES);
}

function sumOf(groups: readonly JobGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}
