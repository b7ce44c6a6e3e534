import { isTerminal } from '@understudy/contracts';
import type { JobRecord, JobStatus } from '@understudy/contracts';
import { decidingError, providerOf } from '@understudy/job-store';
import type { CreationRange, JobListFilter, ListedStatus } from '@understudy/job-store';
import type { JobFilter } from '../schemas/job-filter-schemas.ts';

/** What a filter asks of the lists; whether a job is queued or in progress they do not tell. */
export function listFilter(filter: JobFilter): JobListFilter {
  const { status, created_after: _from, created_before: _before, ...terms } = filter;
  return {
    ...terms,
    ...creationRange(filter),
    ...(status === undefined ? {} : { statuses: [listedStatus(status)] }),
  };
}

function creationRange({ created_after: after, created_before: before }: JobFilter): CreationRange {
  return {
    ...(after === undefined ? {} : { from: Date.parse(after) }),
    ...(before === undefined ? {} : { before: Date.parse(before) }),
  };
}

function listedStatus(status: JobStatus): ListedStatus {
  return status === 'queued' || status === 'in_progress' ? 'unfinished' : status;
}

/** Whether the job fits as it is now: lists can be a moment behind, and name jobs that are gone. */
export function fits(record: JobRecord, filter: JobFilter): boolean {
  const { request, progress } = record;
  const { status, model, route, provider, error, batch, metadata } = filter;
  return (
    (status === undefined || record.status === status) &&
    (model === undefined || request.model === model) &&
    (route === undefined || progress.route === route) &&
    (provider === undefined || providerOf(record) === provider) &&
    (error === undefined || decidingError(record) === error) &&
    (batch === undefined || request.batch?.id === batch) &&
    hasMetadata(request, metadata) &&
    isWithin(request.created_at, creationRange(filter))
  );
}

/** Whether the job has each of these pairs. */
export function hasMetadata(
  request: Pick<JobRecord['request'], 'metadata'>,
  wanted: JobFilter['metadata'] = {},
): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => ownValue(request.metadata, name) === value,
  );
}

/** Not what every object has by that name. */
function ownValue(metadata: Record<string, string> | undefined, name: string): string | undefined {
  return metadata !== undefined && Object.hasOwn(metadata, name) ? metadata[name] : undefined;
}

function isWithin(at: number, { from = -Infinity, before = Infinity }: CreationRange): boolean {
  return at >= from && at < before;
}

/** What may be cancelled or done again of jobs that fit, where the filter names no status. */
export function isMeant(action: 'cancel' | 'retry', { status }: JobRecord): boolean {
  if (action === 'cancel') return !isTerminal(status);
  // To pay for an answer that is there already must be asked for by name.
  return isTerminal(status) && status !== 'completed';
}
