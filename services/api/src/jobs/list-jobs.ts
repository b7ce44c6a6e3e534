import type { JobRecord } from '@understudy/contracts';
import { BrokerError } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { findListed, listsFor, newestFirst } from '@understudy/job-store';
import type { JobListFilter, JobReference, ListPosition } from '@understudy/job-store';
import { isJobId } from '@understudy/submission';
import type { JobFilter } from '../schemas/job-filter-schemas.ts';
import { fits, listFilter } from './job-filter.ts';
import { readRunningJobs } from './running-jobs.ts';

export interface JobPage {
  records: JobRecord[];
  hasMore: boolean;
  /** Where the next page begins; not always the last record of this one. */
  nextAfter?: string;
}

export interface JobSearch {
  filter: JobFilter;
  after: string | undefined;
  limit: number;
  /** Asked of each job that fits; all of them unless told. */
  isMeant?: (record: JobRecord) => boolean;
  /** Asks the lists for less than the filter does. */
  narrowed?: JobListFilter;
}

/** Records looked at beside those of the page; what remains is left to the next one. */
const MOST_MISSES = 1000;
const LEAST_READ = 20;
const MOST_READ = 200;

/**
 * One page of the jobs of some projects, newest first. Lists follow the records within a second or
 * so; they alone decide what is read, and the records what is shown.
 */
export async function listJobs(
  dispatch: OpenDispatch,
  projects: readonly string[],
  { filter, after, limit, isMeant = () => true, narrowed }: JobSearch,
): Promise<JobPage> {
  const start = await positionOf(dispatch, projects, after);
  const candidates = candidatesFor(dispatch, projects, filter, start, narrowed);
  const records: JobRecord[] = [];
  let misses = 0;
  let reached = start;
  for (;;) {
    const step = await candidates.next();
    if (step.done === true) return step.value ? goesOn(records, reached) : lastPage(records);
    const { jobs } = step.value;
    for (let next = 0; next < jobs.length;) {
      const wanted = Math.max(LEAST_READ, Math.min(MOST_READ, limit + 1 - records.length));
      const some = jobs.slice(next, next + wanted);
      next += some.length;
      const found = await dispatch.store.readRecords(some);
      for (const [index, job] of some.entries()) {
        const record = found[index];
        if (record !== undefined && fits(record, filter) && isMeant(record)) {
          if (records.length === limit) return goesOn(records, reached);
          records.push(record);
        } else misses += 1;
        reached = { createdAt: job.createdAt, id: job.id };
      }
      if (misses >= MOST_MISSES) return goesOn(records, reached);
    }
    reached = step.value.reached;
  }
}

function lastPage(records: JobRecord[]): JobPage {
  return { records, hasMore: false };
}

function goesOn(records: JobRecord[], reached: ListPosition | undefined): JobPage {
  return {
    records,
    hasMore: true,
    ...(reached === undefined ? {} : { nextAfter: `${reached.createdAt}-${reached.id}` }),
  };
}

interface Candidates {
  jobs: readonly (JobReference & ListPosition)[];
  /** Whatever is newer was among the candidates so far. */
  reached: ListPosition;
}

/** Jobs that may fit, page by page. @returns whether there may be more */
async function* candidatesFor(
  dispatch: OpenDispatch,
  projects: readonly string[],
  filter: JobFilter,
  after: ListPosition | undefined,
  narrowed: JobListFilter = {},
): AsyncGenerator<Candidates, boolean> {
  const { redis, keyPrefix } = dispatch;
  if (filter.status === 'in_progress') {
    const jobs = (await readRunningJobs(dispatch, projects))
      .map(({ request: { project, id, created_at: createdAt } }) => ({ project, id, createdAt }))
      .filter((job) => after === undefined || newestFirst(after, job) < 0)
      .toSorted(newestFirst);
    const reached = jobs.at(-1);
    if (reached !== undefined) yield { jobs, reached };
    return false;
  }
  const wanted = { ...narrowed, ...listFilter(filter) };
  const lists = await listsFor(redis, keyPrefix, projects, wanted);
  return yield* findListed(redis, lists, { ...wanted, after });
}

const POSITION = /^(\d{1,15})-(job_\w+)$/;

async function positionOf(
  { store }: OpenDispatch,
  projects: readonly string[],
  after: string | undefined,
): Promise<ListPosition | undefined> {
  if (after === undefined) return undefined;
  const [, createdAt, id] = POSITION.exec(after) ?? [];
  if (createdAt !== undefined && id !== undefined && isJobId(id)) {
    return { createdAt: Number(createdAt), id };
  }
  const found = isJobId(after)
    ? await store.readRecords(projects.map((project) => ({ project, id: after })))
    : [];
  const record = found.find((one) => one !== undefined);
  if (record !== undefined) return { createdAt: record.request.created_at, id: after };
  throw new BrokerError(
    'invalid_request',
    'after names no job; give next_after or last_id of a page',
    { param: 'after' },
  );
}
