import type { IncomingHttpHeaders } from 'node:http';
import { BrokerError, isTerminal } from '@understudy/contracts';
import type { JobRequest } from '@understudy/contracts';
import type { JobReference } from '@understudy/job-store';
import type { Caller } from '@understudy/limits';
import { isAskableLife, jobIdOfKey, submitSchema } from '@understudy/submission';
import type { Submission } from '@understudy/submission';
import { mismatch, readIdempotencyKey, requestFingerprint } from '../requests/idempotency-key.ts';
import type { RepeatableRequest } from '../requests/idempotency-key.ts';
import { acceptJob } from './accept-job.ts';
import type { AcceptParts, AcceptedJob, ReceivedSubmission } from './accept-job.ts';
import { jobNotFound } from './send-job.ts';

/**
 * Makes a new job that asks for the same as one that has ended: the same bytes to the same endpoint,
 * with its priority, life, metadata, callback, choice of providers and most cost. It is accepted as every other
 * one is, by the routes and rules of now; where the priority is no longer allowed it gets the highest that is.
 * @throws BrokerError 404 without such a job, 409 before its end, 410 when its request is gone, and
 *   whatever a submit may be refused with
 */
export async function retryJob(
  parts: AcceptParts,
  caller: Caller,
  old: JobReference,
  headers: IncomingHttpHeaders,
): Promise<AcceptedJob> {
  const repeatable = {
    method: 'POST',
    path: `/v1/jobs/${old.id}/retry`,
    headers,
    content: null,
    received: new Uint8Array(),
  };
  let incoming: ReceivedSubmission;
  try {
    // The answer of a retry is told to none but those who may read, and to the old job's callback.
    const terms = { caller, mayReadContent: true };
    incoming = { ...repeatable, ...terms, ...(await readAgain(parts, old)) };
  } catch (error) {
    // What was accepted once is answered again, though the old job may be gone by now.
    const earlier = await findEarlier(parts, old.project, repeatable);
    if (earlier === undefined) throw error;
    return earlier;
  }
  return acceptJob(parts, incoming);
}

/** What the old job asked for. */
async function readAgain(
  { dispatch: { store } }: AcceptParts,
  old: JobReference,
): Promise<
  Omit<ReceivedSubmission, 'caller' | 'mayReadContent' | keyof RepeatableRequest> & {
    received: Uint8Array;
  }
> {
  const [record] = await store.readRecords([old]);
  if (record === undefined) throw jobNotFound();
  const { request, status } = record;
  if (!isTerminal(status)) {
    throw new BrokerError(
      'conflict',
      `the job is ${status}; wait for its end, or cancel it first: POST /v1/jobs/${old.id}/cancel`,
    );
  }
  const body = await store.readRequestBody(old);
  if (body === undefined) {
    throw new BrokerError(
      'gone',
      'the request of this job is no longer kept; submit it again with POST /v1/jobs',
    );
  }
  const { surface, background, betas, previous_response_id: previousResponse } = request;
  return {
    submission: submissionOf(request, body),
    body,
    received: body,
    retryOf: old.id,
    ...(surface === undefined ? {} : { surface }),
    ...(betas === undefined ? {} : { betas }),
    ...(background === undefined ? {} : { background }),
    ...(previousResponse === undefined ? {} : { previousResponse }),
  };
}

function submissionOf(request: JobRequest, body: Buffer): Submission {
  const { endpoint, priority, metadata, providers, max_cost: maxCost, callback, store } = request;
  const lifeMs = request.expires_at - request.created_at;
  return submitSchema.parse({
    endpoint,
    body: JSON.parse(body.toString('utf8')),
    priority,
    // One that nobody may ask for was the route's, or is what a late line of a batch had left.
    ...(isAskableLife(lifeMs) ? { expires_in: lifeMs / 1000 } : {}),
    ...(metadata === undefined ? {} : { metadata }),
    ...(providers === undefined ? {} : { providers }),
    ...(maxCost === undefined ? {} : { max_cost: maxCost }),
    ...(callback === undefined ? {} : { callback }),
    ...(store === undefined ? {} : { store }),
  });
}

/** The job that this request's idempotency key made before. */
async function findEarlier(
  { dispatch: { store } }: AcceptParts,
  project: string,
  repeatable: RepeatableRequest,
): Promise<AcceptedJob | undefined> {
  const key = readIdempotencyKey(repeatable.headers['idempotency-key']);
  if (key === undefined) return undefined;
  const job = { project, id: jobIdOfKey(project, key) };
  const [existing] = await store.readRecords([job]);
  if (existing === undefined) return undefined;
  if (existing.request.fingerprint !== requestFingerprint(repeatable)) throw mismatch();
  return { job, replayed: true };
}
