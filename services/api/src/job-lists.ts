import type { OpenDispatch } from '@understudy/dispatch';
import { listIndex } from '@understudy/job-store';
import type { IndexName, JobReference, ListPosition } from '@understudy/job-store';
import type { JobQuery } from './schemas/job-schemas.ts';

export interface ListedJob extends JobReference {
  createdAt: number;
}

const READ_AT_ONCE = 100;

/** The shortest lists that together hold every job that may fit, each newest first. */
export async function jobLists(
  dispatch: OpenDispatch,
  project: string,
  query: JobQuery,
  after: ListPosition | undefined,
): Promise<AsyncIterable<ListedJob>[]> {
  if (query.status === 'in_progress') return [await runningJobs(dispatch, project, after)];
  return indexesFor(query).map((name) => walkIndex(dispatch, project, name, after));
}

function indexesFor({ status, model, provider, batch }: JobQuery): IndexName[] {
  // It follows a job from its first second on, and is shorter than all the others.
  if (batch !== undefined) return [{ facet: 'batch', value: batch }];
  const unfinished: IndexName = { facet: 'status', value: 'unfinished' };
  if (status === 'queued') return [unfinished];
  if (provider !== undefined) {
    const finished: IndexName = { facet: 'provider', value: provider };
    return status === undefined ? [finished, unfinished] : [finished];
  }
  // Most jobs complete: a model's list is shorter than that of all completed ones.
  if (status !== undefined && (status !== 'completed' || model === undefined)) {
    return [{ facet: 'status', value: status }];
  }
  return [model === undefined ? { facet: 'all' } : { facet: 'model', value: model }];
}

async function* walkIndex(
  { redis, keyPrefix }: OpenDispatch,
  project: string,
  name: IndexName,
  after: ListPosition | undefined,
): AsyncGenerator<ListedJob> {
  let position = after;
  for (;;) {
    const rows = await listIndex(redis, keyPrefix, project, name, position, READ_AT_ONCE);
    yield* rows;
    position = rows.at(-1);
    if (rows.length < READ_AT_ONCE) return;
  }
}

/** Jobs that workers hold now: at most the providers' concurrency together. */
async function runningJobs(
  { queue, store, views }: OpenDispatch,
  project: string,
  after: ListPosition | undefined,
): Promise<AsyncIterable<ListedJob>> {
  const providers = Object.keys(views().settings.providers);
  const entries = (await Promise.all(providers.map((name) => queue.active(name)))).flat();
  const ids = new Set(entries.filter((entry) => entry.project === project).map(({ id }) => id));
  const references = [...ids].map((id) => ({ project, id }));
  const records = await store.readRecords(references);
  const jobs = references
    .flatMap((reference, index): ListedJob[] => {
      const record = records[index];
      return record === undefined ? [] : [{ ...reference, createdAt: record.request.created_at }];
    })
    .toSorted(newestFirst)
    .filter((job) => after === undefined || newestFirst(after, job) < 0);
  return mergeLists([listed(jobs)]);
}

async function* listed(jobs: readonly ListedJob[]): AsyncGenerator<ListedJob> {
  yield* jobs;
}

/** One list out of several, still newest first; a job that stands in two comes once. */
export async function* mergeLists(
  lists: readonly AsyncIterable<ListedJob>[],
): AsyncGenerator<ListedJob> {
  const iterators = lists.map((list) => list[Symbol.asyncIterator]());
  const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
  let previous: string | undefined;
  for (;;) {
    const open = [...heads.entries()].flatMap(([index, { done, value }]) =>
      done === true ? [] : [{ index, job: value }],
    );
    const next = open.toSorted((a, b) => newestFirst(a.job, b.job))[0];
    if (next === undefined) return;
    if (next.job.id !== previous) yield next.job;
    previous = next.job.id;
    heads[next.index] = await iterators[next.index]!.next();
  }
}

function newestFirst(a: ListPosition, b: ListPosition): number {
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt;
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
}
