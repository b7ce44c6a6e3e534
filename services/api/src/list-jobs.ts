import type { JobRecord } from '@understudy/contracts';
import { BrokerError, isTerminal } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import type { JobReference, ListPosition } from '@understudy/job-store';
import { isJobId } from '@understudy/submission';
import { jobLists, mergeLists } from './job-lists.ts';
import type { JobQuery } from './schemas/job-schemas.ts';

export interface JobPage {
  records: JobRecord[];
  hasMore: boolean;
  /** Where the next page begins; not always the last record of this one. */
  nextAfter?: string;
}

/** Records looked at for one page; what remains is left to the next one. */
const MOST_LOOKED_AT = 2000;
const READ_AT_ONCE = 100;

/** One page of a project's jobs, newest first. Lists follow the records within a second or so. */
export async function listJobs(
  dispatch: OpenDispatch,
  project: string,
  query: JobQuery,
): Promise<JobPage> {
  const after = await positionOf(dispatch, project, query.after);
  const jobs = mergeLists(await jobLists(dispatch, project, query, after));
  const records: JobRecord[] = [];
  let lookedAt = 0;
  let last: string | undefined;
  for await (const batch of inBatches(jobs, READ_AT_ONCE)) {
    const found = await dispatch.store.readRecords(batch);
    for (const [index, { id }] of batch.entries()) {
      const record = found[index];
      if (record !== undefined && fits(record, query)) {
        if (records.length === query.limit) return page(records, last);
        records.push(record);
      }
      last = id;
    }
    lookedAt += batch.length;
    if (lookedAt >= MOST_LOOKED_AT) return page(records, last);
  }
  return { records, hasMore: false };
}

function page(records: JobRecord[], nextAfter: string | undefined): JobPage {
  return { records, hasMore: true, ...(nextAfter === undefined ? {} : { nextAfter }) };
}

async function positionOf(
  { store }: OpenDispatch,
  project: string,
  after: string | undefined,
): Promise<ListPosition | undefined> {
  if (after === undefined) return undefined;
  const [record] = isJobId(after) ? await store.readRecords([{ project, id: after }]) : [];
  if (record !== undefined) return { createdAt: record.request.created_at, id: after };
  throw new BrokerError(
    'invalid_request',
    'after names no job; give next_after or last_id of a page',
    {
      param: 'after',
    },
  );
}

async function* inBatches(
  jobs: AsyncIterable<JobReference>,
  size: number,
): AsyncGenerator<JobReference[]> {
  let batch: JobReference[] = [];
  for await (const job of jobs) {
    batch.push(job);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Lists can be a moment behind, so the record decides. */
function fits(record: JobRecord, { status, model, provider, batch }: JobQuery): boolean {
  return (
    (status === undefined || record.status === status) &&
    (model === undefined || record.request.model === model) &&
    (batch === undefined || record.request.batch?.id === batch) &&
    (provider === undefined || providerOf(record) === provider)
  );
}

function providerOf({ status, end, progress }: JobRecord): string | undefined {
  if (isTerminal(status)) return end?.result?.provider ?? end?.error?.provider;
  return progress.place.kind === 'queue' ? progress.place.planned.provider : undefined;
}
