import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { BrokerError } from '@understudy/contracts';
import type { JobRecord } from '@understudy/contracts';
import { endJob } from '@understudy/dispatch';
import type { JobListFilter } from '@understudy/job-store';
import type { Caller } from '@understudy/limits';
import { readIdempotencyKey } from '../requests/idempotency-key.ts';
import type { BulkRequest, BulkResult } from '../schemas/job-filter-schemas.ts';
import type { AcceptParts } from './accept-job.ts';
import { isMeant } from './job-filter.ts';
import { listJobs } from './list-jobs.ts';
import { retryJob } from './retry-job.ts';

type Action = BulkResult['action'];

/** What became of one job: `done`, or why it was passed over. */
type Outcome = string;

/** Jobs that are changed at a time. */
const AT_ONCE = 16;

/** What stands in the way of the next job as well. */
const STOPPING_CODES: readonly string[] = ['rate_limited', 'quota_exceeded', 'unavailable'];

/** The lists of what an action can be meant for, where the filter names no status. */
const MEANT: Readonly<Record<Action, JobListFilter>> = {
  cancel: { statuses: ['unfinished'] },
  retry: { statuses: ['failed', 'cancelled', 'expired'] },
};

/**
 * Cancels jobs of a project that fit a filter, newest first, each as if it had been named: one that
 * ended meanwhile stays as it is and is told as `ended`.
 */
export function cancelJobs(
  parts: AcceptParts,
  project: string,
  request: BulkRequest,
): Promise<BulkResult> {
  const what = { action: 'cancel', isRepeatable: true } as const;
  return actOnJobs(parts, what, project, request, async ({ request: { id } }) => {
    const stored = await endJob(parts.dispatch, { project, id }, 'cancelled');
    if (stored === undefined) return 'not_found';
    return stored.record.status === 'cancelled' ? 'done' : 'ended';
  });
}

/**
 * Makes new jobs from those of a project that fit a filter and have ended, newest first. With an
 * Idempotency-Key each new job's id derives from it and from the old one's id: repeating the request
 * makes no job twice, whatever fits by then.
 */
export function retryJobs(
  parts: AcceptParts,
  caller: Caller,
  headers: IncomingHttpHeaders,
  request: BulkRequest,
): Promise<BulkResult> {
  const { project } = caller;
  const key = readIdempotencyKey(headers['idempotency-key']);
  // The header that vendors' SDKs count their tries in would have each job look for an earlier one.
  const { 'x-stainless-retry-count': _count, 'idempotency-key': _key, ...rest } = headers;
  const what = { action: 'retry', isRepeatable: key !== undefined } as const;
  return actOnJobs(parts, what, project, request, async ({ request: { id } }) => {
    const own = key === undefined ? {} : { 'idempotency-key': keyOfOne(key, id) };
    await retryJob(parts, caller, { project, id }, { ...rest, ...own });
    return 'done';
  });
}

/** Of its own length, whatever the caller's is. */
function keyOfOne(key: string, id: string): string {
  return `bulk:${createHash('sha256')
    .update(JSON.stringify([key, id]))
    .digest('hex')}`;
}

interface BulkAction {
  action: Action;
  /** Done again to the same jobs it makes nothing twice. */
  isRepeatable: boolean;
}

async function actOnJobs(
  { dispatch }: AcceptParts,
  { action, isRepeatable }: BulkAction,
  project: string,
  { filter, limit, after, dry_run: isDry = false }: BulkRequest,
  act: (job: JobRecord) => Promise<Outcome>,
): Promise<BulkResult> {
  const named = filter.status !== undefined;
  const page = await listJobs(dispatch, [project], {
    filter,
    after,
    limit,
    ...(named ? {} : { narrowed: MEANT[action], isMeant: (record) => isMeant(action, record) }),
  });
  const { records, hasMore, nextAfter } = page;
  const rest = { has_more: hasMore, ...(nextAfter === undefined ? {} : { next_after: nextAfter }) };
  const head = { object: 'bulk_result', action } as const;
  if (isDry) {
    return { ...head, dry_run: true, matched: records.length, done: 0, skipped: [], ...rest };
  }
  const { outcomes, stopped } = await actOnEach(records, act);
  const skipped = [...outcomes].flatMap(
    ([
      {
        request: { id },
      },
      code,
    ]) => (code === 'done' ? [] : [{ id, code }]),
  );
  const done = outcomes.size - skipped.length;
  const matched = outcomes.size;
  if (stopped === undefined) return { ...head, matched, done, skipped, ...rest };
  // Nothing came of it: that is a refusal, with when to come again.
  if (done === 0 && skipped.every(({ code }) => STOPPING_CODES.includes(code))) throw stopped;
  const reached = isRepeatable ? beforeStop(outcomes) : [...outcomes.keys()].at(-1);
  const goOnAfter = reached === undefined ? after : positionText(reached);
  return {
    ...head,
    matched,
    done,
    skipped,
    has_more: isRepeatable || hasMore || matched < records.length,
    ...(goOnAfter === undefined ? {} : { next_after: goOnAfter }),
    stopped: { code: stopped.code, message: stopped.message },
  };
}

/**
 * The last job before the first one that met what stops all: who goes on behind it leaves out none
 * that was refused, and meets again those of its group that were done. Undefined before the first.
 */
function beforeStop(outcomes: ReadonlyMap<JobRecord, Outcome>): JobRecord | undefined {
  const inOrder = [...outcomes];
  const stop = inOrder.findIndex(([, code]) => STOPPING_CODES.includes(code));
  return inOrder[stop - 1]?.[0];
}

/** As `after` takes it. */
function positionText({ request: { id, created_at: createdAt } }: JobRecord): string {
  return `${createdAt}-${id}`;
}

/** Newest first, some at a time; the last of them are those among which one met what stops all. */
async function actOnEach(
  records: readonly JobRecord[],
  act: (job: JobRecord) => Promise<Outcome>,
): Promise<{ outcomes: Map<JobRecord, Outcome>; stopped?: BrokerError }> {
  const outcomes = new Map<JobRecord, Outcome>();
  for (let start = 0; start < records.length; start += AT_ONCE) {
    const group = records.slice(start, start + AT_ONCE);
    const results = await Promise.allSettled(group.map(act));
    let stopped: BrokerError | undefined;
    for (const [index, record] of group.entries()) {
      const result = results[index];
      if (result?.status === 'fulfilled') outcomes.set(record, result.value);
      else if (!(result?.reason instanceof BrokerError)) throw result?.reason;
      else {
        const { reason } = result;
        outcomes.set(record, reason.code);
        if (STOPPING_CODES.includes(reason.code)) stopped ??= reason;
      }
    }
    if (stopped !== undefined) return { outcomes, stopped };
  }
  return { outcomes };
}
