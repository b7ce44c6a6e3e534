import type { IncomingHttpHeaders } from 'node:http';
import { BrokerError } from '@understudy/contracts';
import type { Callback, JobProgress, JobRequest } from '@understudy/contracts';
import { submitJob } from '@understudy/dispatch';
import type { OpenDispatch } from '@understudy/dispatch';
import type { JobReference, StoredJob } from '@understudy/job-store';
import { topLevelMembers } from '@understudy/provider';
import {
  checkCallback,
  checkLosses,
  checkSubmission,
  createJobId,
  jobIdOfKey,
  newJobRequest,
} from '@understudy/submission';
import type { Submission } from '@understudy/submission';
import { readIdempotencyKey, requestFingerprint } from './idempotency-key.ts';
import { traceParentOf } from './trace-parent.ts';

/** A validated submit, with the bytes it came as. */
export interface ReceivedSubmission {
  project: string;
  submission: Submission;
  received: Buffer;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
}

export interface AcceptedJob {
  job: JobReference;
  /** True when an earlier request with the same idempotency key made the job. */
  replayed: boolean;
  /** The job as just created, where nothing can have happened to it that must be read again. */
  created?: StoredJob;
}

/**
 * Accepts a job, or finds the one its idempotency key made before. When this resolves the job is
 * kept.
 * @throws BrokerError
 */
export async function acceptJob(
  dispatch: OpenDispatch,
  incoming: ReceivedSubmission,
): Promise<AcceptedJob> {
  const { project, submission, received, headers } = incoming;
  if (!dispatch.isLoaded()) {
    throw new BrokerError('unavailable', 'the broker has just started and knows no routes yet', {
      retryAfterSeconds: 1,
    });
  }
  const now = dispatch.clock.now();
  const key = readIdempotencyKey(headers['idempotency-key']);
  const id = key === undefined ? createJobId(now) : jobIdOfKey(project, key);
  const fingerprint = key === undefined ? undefined : fingerprintOf(incoming);
  const job = { project, id };
  const replay = (existing: JobRequest): AcceptedJob => {
    if (existing.fingerprint === fingerprint) return { job, replayed: true };
    throw mismatch();
  };

  let expiresInMs: number;
  let callback: Callback | undefined;
  try {
    const { outbound } = dispatch.views().settings;
    callback = checkCallback(submission.callback, outbound);
    const route = checkSubmission(submission, dispatch.views(), now);
    await checkLosses(submission, innerBody(received), route, dispatch.views(), now);
    expiresInMs = route.expiresInMs ?? dispatch.views().settings.defaults.expiresInMs;
  } catch (error) {
    // What was accepted once is answered again, though its route may be gone by now.
    const [existing] = key === undefined ? [] : await dispatch.store.readRecords([job]);
    if (existing === undefined) throw error;
    return replay(existing.request);
  }

  const traceparent = traceParentOf(headers['traceparent']);
  const context = { id, project, traceparent, fingerprint, now, expiresInMs, callback };
  const request = newJobRequest(submission, context);
  const result = await submitJob(dispatch, request, innerBody(received));
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

function mismatch(): BrokerError {
  return new BrokerError(
    'idempotency_mismatch',
    'this Idempotency-Key was used for another request; a new request needs a new key',
    { param: 'Idempotency-Key' },
  );
}

function fingerprintOf({
  method,
  path,
  submission,
  received,
  headers,
}: ReceivedSubmission): string {
  return requestFingerprint(method, path, submission, received, headers);
}

/** The bytes of the member `body`, as they came. */
function innerBody(received: Buffer): Buffer {
  const range = topLevelMembers(received).get('body');
  if (range === undefined) throw new Error('a validated submit has no member "body"');
  return received.subarray(range.start, range.end);
}

/** Saves a round trip: a job that went into a queue at once has no attempts and is queued. */
function asCreated(request: JobRequest, progress: JobProgress): StoredJob | undefined {
  if (progress.place.kind !== 'queue' || Object.keys(progress.skips).length > 0) return undefined;
  const record = { request, progress, status: 'queued', version: 1, turn: 1 } as const;
  return { record: { ...record, token: 0, starts: 0 }, attempts: [] };
}
