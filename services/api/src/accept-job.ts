import { BrokerError } from '@understudy/contracts';
import type { Callback, JobProgress, JobRequest, Surface } from '@understudy/contracts';
import { submitJob } from '@understudy/dispatch';
import type { JobReference, StoredJob } from '@understudy/job-store';
import {
  checkCallback,
  checkLosses,
  checkSubmission,
  createJobId,
  jobIdOfKey,
  newJobRequest,
} from '@understudy/submission';
import type { Submission } from '@understudy/submission';
import type { ApiParts } from './api-parts.ts';
import { readIdempotencyKey, receivedFingerprint, requestFingerprint } from './idempotency-key.ts';
import type { RepeatableRequest } from './idempotency-key.ts';
import { withVendorsResponseId } from './previous-response.ts';
import { traceParentOf } from './trace-parent.ts';

/** Memory comes back as jobs end, which takes a while. */
const FULL_RETRY_SECONDS = 10;

/** A validated submit, with the bytes it came as. */
export interface ReceivedSubmission extends RepeatableRequest {
  project: string;
  submission: Submission;
  /** The bytes of the vendor's request in it. */
  body: Buffer;
  /** The vendor's door it came through; absent of our own. */
  surface?: Surface;
  background?: boolean;
  /** The job that it does again. */
  retryOf?: string;
  /** How long its caller waits, which bounds the life of a job that names none. */
  waitMs?: number;
}

export interface AcceptedJob {
  job: JobReference;
  /** True when an earlier request, which this one repeats, made the job. */
  replayed: boolean;
  /** The job as just created, where nothing can have happened to it that must be read again. */
  created?: StoredJob;
}

export type AcceptParts = Pick<ApiParts, 'admission' | 'dispatch' | 'rejoin'>;

/**
 * Accepts a job, or finds the one that its idempotency key, or the request of which it is an SDK's
 * retry, made before. When this resolves the job is kept.
 * @throws BrokerError
 */
export async function acceptJob(
  parts: AcceptParts,
  incoming: ReceivedSubmission,
): Promise<AcceptedJob> {
  const { dispatch } = parts;
  await checkRoom(parts, incoming.received.length);
  if (!dispatch.isLoaded()) {
    throw new BrokerError('unavailable', 'the broker has just started and knows no routes yet', {
      retryAfterSeconds: 1,
    });
  }
  const now = dispatch.clock.now();
  const { id, fingerprint, repeatable } = await identify(parts, incoming, now);
  const job = { project: incoming.project, id };
  const replay = (existing: JobRequest): AcceptedJob => {
    if (existing.fingerprint === fingerprint) return { job, replayed: true };
    throw mismatch();
  };

  let checked: CheckedSubmission;
  try {
    checked = await check(parts, incoming, now);
  } catch (error) {
    // What was accepted once is answered again, though its route may be gone by now.
    const [existing] = repeatable ? await dispatch.store.readRecords([job]) : [];
    if (existing === undefined) throw error;
    return replay(existing.request);
  }

  const { body, ...terms } = checked;
  const { submission, surface, background, retryOf } = incoming;
  const request = newJobRequest(submission, {
    ...terms,
    ...job,
    traceparent: traceParentOf(incoming.headers['traceparent']),
    fingerprint,
    now,
    ...(surface === undefined ? {} : { surface }),
    ...(background === undefined ? {} : { background }),
    ...(retryOf === undefined ? {} : { retryOf }),
  });
  const result = await submitJob(dispatch, request, body);
  if (result.kind === 'exists') return replay(result.existing);
  if (result.kind === 'gone') {
    if (result.fingerprint !== fingerprint) throw mismatch();
    throw new BrokerError('gone', 'the job that this Idempotency-Key made is no longer kept', {
      param: 'Idempotency-Key',
    });
  }
  const created = asCreated(request, result.progress);
  return { job, replayed: false, ...(created === undefined ? {} : { created }) };
}

async function checkRoom({ admission }: AcceptParts, bytes: number): Promise<void> {
  if (await admission.isOpen(bytes)) return;
  throw new BrokerError('unavailable', 'Redis is short of memory; accepted jobs go on', {
    retryAfterSeconds: FULL_RETRY_SECONDS,
  });
}

/** Under which id the job is to be, and whether it may be there already. */
async function identify(
  { rejoin }: AcceptParts,
  incoming: ReceivedSubmission,
  now: number,
): Promise<{ id: string; fingerprint: string | undefined; repeatable: boolean }> {
  const { project, headers } = incoming;
  const key = readIdempotencyKey(headers['idempotency-key']);
  if (key !== undefined) {
    const fingerprint = requestFingerprint(incoming);
    return { id: jobIdOfKey(project, key), fingerprint, repeatable: true };
  }
  const retryCount = headers['x-stainless-retry-count'];
  const { id, rejoined } = await rejoin.idFor(
    {
      project,
      fingerprint: retryCount === undefined ? '' : receivedFingerprint(incoming),
      retryCount,
    },
    () => createJobId(now),
  );
  return { id, fingerprint: undefined, repeatable: rejoined };
}

interface CheckedSubmission {
  expiresInMs: number;
  callback: Callback | undefined;
  /** What providers are asked with. */
  body: Buffer;
}

async function check(
  { dispatch }: AcceptParts,
  { project, submission, body, waitMs }: ReceivedSubmission,
  now: number,
): Promise<CheckedSubmission> {
  const views = dispatch.views();
  const { outbound, defaults } = views.settings;
  const callback = checkCallback(submission.callback, outbound);
  const route = checkSubmission(submission, views, now);
  await checkLosses(submission, body, route, views, now);
  const lifeMs = route.expiresInMs ?? defaults.expiresInMs;
  return {
    callback,
    expiresInMs: waitMs === undefined ? lifeMs : Math.min(waitMs, lifeMs),
    body: await withVendorsResponseId(dispatch.store, project, submission, body, route),
  };
}

export function mismatch(): BrokerError {
  return new BrokerError(
    'idempotency_mismatch',
    'this Idempotency-Key was used for another request; a new request needs a new key',
    { param: 'Idempotency-Key' },
  );
}

/** Saves a round trip: a job that went into a queue at once has no attempts and is queued. */
function asCreated(request: JobRequest, progress: JobProgress): StoredJob | undefined {
  if (progress.place.kind !== 'queue' || Object.keys(progress.skips).length > 0) return undefined;
  const record = { request, progress, status: 'queued', version: 1, turn: 1 } as const;
  return { record: { ...record, token: 0, starts: 0 }, attempts: [] };
}
