import { BrokerError, DEFAULT_PRIORITY, isTerminal } from '@understudy/contracts';
import type { Callback, JobProgress, JobRequest, Surface } from '@understudy/contracts';
import { submitJob } from '@understudy/dispatch';
import type { JobReference, StoredJob } from '@understudy/job-store';
import { QuotaExceeded, checkRoute, holdersOf, permittedPriority } from '@understudy/limits';
import type { Caller, Holder } from '@understudy/limits';
import {
  checkCallback,
  checkLosses,
  checkSubmission,
  createJobId,
  jobIdOfKey,
  newJobRequest,
  withVendorsResponseId,
} from '@understudy/submission';
import type { LinkedBody, Submission } from '@understudy/submission';
import type { ApiParts } from '../api-parts.ts';
import {
  mismatch,
  readIdempotencyKey,
  receivedFingerprint,
  requestFingerprint,
} from '../requests/idempotency-key.ts';
import { checkRoom } from '../requests/check-room.ts';
import { askedBetas } from '../requests/asked-betas.ts';
import type { RepeatableRequest } from '../requests/idempotency-key.ts';
import type { RepeatablePost } from '../requests/rejoin.ts';
import { traceContextOf } from '../requests/trace-context.ts';

/** A validated submit, with the bytes it came as. */
export interface ReceivedSubmission extends RepeatableRequest {
  caller: Caller;
  /** Whether the caller sees the project's answers, or else is not told what becomes of this job. */
  mayReadContent: boolean;
  submission: Submission;
  /** The bytes of the vendor's request in it. */
  body: Buffer;
  /** The vendor's door it came through; absent of our own. */
  surface?: Surface;
  background?: boolean;
  /** The job that it does again, the betas that were asked for with it, and what it goes on from. */
  retryOf?: string;
  betas?: string[];
  previousResponse?: string;
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

export type AcceptParts = Pick<ApiParts, 'admission' | 'dispatch' | 'limits' | 'rejoin'>;

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
  const { id, fingerprint, repeatable, isNew } = await identify(parts, incoming, now);
  const { project, key } = incoming.caller;
  const holders = holdersOf(incoming.caller, dispatch.views().settings.projects);
  const job = { project, id };
  const replay = (existing: JobRequest): AcceptedJob => {
    if (existing.fingerprint === fingerprint) return { job, replayed: true };
    throw mismatch();
  };

  let checked: CheckedSubmission;
  let betas: string[] | undefined;
  let placed: boolean;
  try {
    checked = await check(parts, incoming, holders, now);
    betas = betasOf(incoming);
    placed = await takePlace(parts, job, holders, now);
  } catch (error) {
    // What was accepted once is answered again, though its route may be gone by now.
    const [existing] = repeatable ? await dispatch.store.readRecords([job]) : [];
    if (existing !== undefined) return replay(existing.request);
    await forgetPost(parts, incoming);
    throw error;
  }

  const { body, priority, ...terms } = checked;
  const { submission, surface, background, retryOf } = incoming;
  const asked = newJobRequest(
    { ...submission, priority },
    {
      ...terms,
      ...job,
      ...(key === undefined ? {} : { key }),
      trace: traceContextOf(incoming.headers),
      fingerprint,
      now,
      ...(surface === undefined ? {} : { surface }),
      ...(betas === undefined ? {} : { betas }),
      ...(background === undefined ? {} : { background }),
      ...(retryOf === undefined ? {} : { retryOf }),
    },
  );
  const request = { ...asked, bytes: body.length };
  const result = await submitJob(dispatch, request, body, isNew);
  if (result.kind !== 'accepted' && placed) await leavePlace(parts, job, holders);
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

/**
 * Keeps a place for the job among those that its project and its key may have.
 * @returns whether it was given just now
 * @throws QuotaExceeded
 */
async function takePlace(
  { limits }: AcceptParts,
  { project, id }: JobReference,
  holders: readonly Holder[],
  now: number,
): Promise<boolean> {
  const { taken, violated } = await limits.admitJobs(project, holders, [id], now);
  if (violated.length > 0) throw new QuotaExceeded(violated);
  return taken > 0;
}

/**
 * Gives up the place that was taken for a job which this request did not make. Another one may have
 * made it meanwhile, and have found the place taken: then it is that job's, until its end.
 */
async function leavePlace(
  { dispatch, limits }: AcceptParts,
  job: JobReference,
  holders: readonly Holder[],
): Promise<void> {
  const [record] = await dispatch.store.readRecords([job]);
  const lives = record !== undefined && !isTerminal(record.status);
  // It counts for the project, and for the key that it came with.
  const others = holders.filter(({ kind, key }) => kind === 'key' && key !== record?.request.key);
  await limits.releaseJobs(job.project, lives ? others : holders, [job.id]);
}

/**
 * Under which id the job is to be, whether it may be there already, and whether nobody else can make
 * it meanwhile.
 */
async function identify(
  { rejoin }: AcceptParts,
  incoming: ReceivedSubmission,
  now: number,
): Promise<{ id: string; fingerprint: string | undefined; repeatable: boolean; isNew: boolean }> {
  const { headers } = incoming;
  const { project } = incoming.caller;
  const key = readIdempotencyKey(headers['idempotency-key']);
  if (key !== undefined) {
    const fingerprint = requestFingerprint(incoming);
    return { id: jobIdOfKey(project, key), fingerprint, repeatable: true, isNew: false };
  }
  const post = repeatablePost(incoming);
  const { id, rejoined } = await rejoin.idFor(post, () => createJobId(now));
  const isNew = post.retryCount === undefined;
  return { id, fingerprint: undefined, repeatable: rejoined, isNew };
}

/** What was refused is not remembered. */
async function forgetPost({ rejoin }: AcceptParts, incoming: ReceivedSubmission): Promise<void> {
  const post = repeatablePost(incoming);
  if (incoming.headers['idempotency-key'] === undefined) await rejoin.forget(post);
}

/** By which an SDK's retry is known. */
function repeatablePost(incoming: ReceivedSubmission): RepeatablePost {
  const retryCount = incoming.headers['x-stainless-retry-count'];
  const fingerprint = retryCount === undefined ? '' : receivedFingerprint(incoming);
  return { project: incoming.caller.project, fingerprint, retryCount };
}

/** A header of Anthropic's means something in its own dialect alone. */
function betasOf({
  submission,
  headers,
  retryOf,
  betas,
}: ReceivedSubmission): string[] | undefined {
  if (retryOf !== undefined) return betas;
  return submission.endpoint === '/v1/messages' ? askedBetas(headers) : undefined;
}

interface CheckedSubmission extends LinkedBody {
  expiresInMs: number;
  priority: number;
  callback: Callback | undefined;
}

async function check(
  { dispatch }: AcceptParts,
  incoming: ReceivedSubmission,
  holders: readonly Holder[],
  now: number,
): Promise<CheckedSubmission> {
  const { caller, submission, body, waitMs, previousResponse, retryOf } = incoming;
  const { store } = dispatch;
  const views = dispatch.views();
  const { outbound, defaults } = views.settings;
  const callback = checkCallback(submission.callback, outbound);
  const route = checkSubmission(caller.project, submission, views, now);
  checkRoute(holders, { model: submission.body.model, route: route.name });
  // Of a retry nobody asks for the priority: it was the old job's, which may be forbidden by now.
  const wanted = retryOf === undefined ? submission.priority : undefined;
  const usual = submission.priority ?? DEFAULT_PRIORITY;
  const priority = permittedPriority(holders, wanted, usual);
  await checkLosses(caller.project, submission, body, route, views, now);
  const asker = { ...caller, mayReadContent: incoming.mayReadContent };
  const lifeMs = route.expiresInMs ?? defaults.expiresInMs;
  return {
    callback,
    priority,
    expiresInMs: waitMs === undefined ? lifeMs : Math.min(waitMs, lifeMs),
    ...(previousResponse === undefined ? {} : { previousResponse }),
    ...(await withVendorsResponseId(store, asker, submission, body, route, views)),
  };
}

/** Saves a round trip: a job that went into a queue at once has no attempts and is queued. */
function asCreated(request: JobRequest, progress: JobProgress): StoredJob | undefined {
  if (progress.place.kind !== 'queue' || Object.keys(progress.skips).length > 0) return undefined;
  const record = { request, progress, status: 'queued', version: 1, turn: 1 } as const;
  return { record: { ...record, token: 0, starts: 0 }, attempts: [] };
}
