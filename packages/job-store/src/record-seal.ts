import {
  attemptSchema,
  jobEndSchema,
  jobProgressSchema,
  jobRequestSchema,
} from '@understudy/contracts';
import type { Attempt, JobEnd, JobProgress, JobRecord, JobRequest } from '@understudy/contracts';
import { UnsealedError, createSealedMembers, isSealedText } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { denseAttempt, fullAttempt } from './dense/dense-attempt.ts';
import { denseEnd, fullEnd } from './dense/dense-end.ts';
import { denseProgress, denseStory, fullProgress } from './dense/dense-progress.ts';
import { denseRequest, fullRequest } from './dense/dense-request.ts';
import { membersOf } from './dense/members.ts';
import type { DenseBase } from './dense/members.ts';
import type { JobKeys, JobReference } from './job-keys.ts';

/** Of a request, what its caller wrote beside the body: it may name people, or open doors. */
const CALLERS_OWN = ['metadata', 'user', 'callback'];

/** Members that a newer release added stay: whoever holds the turn writes all of it again. */
const keptProgressSchema = jobProgressSchema.loose();

/** The job of an attempt: what its dense text leaves out stands here. */
type AttemptedJob = Pick<JobRecord, 'end'> & { request: DenseBase };

/**
 * A job's record as text and back. Both forms are read: the first, in which every member stands
 * under its name, and the dense one, which leaves out what the key or the request tells.
 *
 * Encrypted is, beside the bytes of request and result, what providers said of failures, which may
 * repeat a prompt, metadata, and who is called back. All else stays readable to scripts, and to
 * whoever looks into Redis.
 */
export interface RecordSeal {
  requestText(request: JobRequest): string;
  request(text: string): JobRequest;
  /** Of a request, what `parse` takes of its members. */
  partOfRequest<Part extends Pick<JobRequest, 'callback'>>(
    text: string,
    parse: (members: unknown) => Part,
  ): Part;
  progressText(progress: JobProgress): string;
  /**
   * What is still told of the progress of a job that was answered; empty in the first form, where
   * it stays as it is.
   */
  storyText(progress: JobProgress): string;
  progress(text: string, base: DenseBase): JobProgress;
  /** @param end that is written with it */
  attemptText(attempt: Attempt, end?: JobEnd): string;
  attempt(text: string, number: number, of: AttemptedJob): Attempt;
  endText(end: JobEnd): string;
  end(text: string): JobEnd;
}

/**
 * @param keys of the one job; each part of it is bound to its key in Redis
 * @param job dense texts are written only where it comes with what they leave out
 * @param dense whether the dense form is written
 */
export function createRecordSeal(
  sealer: Sealer,
  keys: Pick<JobKeys, 'record' | 'attempts'>,
  job: JobReference & Partial<DenseBase>,
  dense: boolean,
): RecordSeal {
  const base = dense ? baseOf(job) : undefined;
  const places = {
    request: `${keys.record}#request`,
    /** Of the secret alone, as records from before held it. */
    secret: `${keys.record}#callback`,
    end: `${keys.record}#end`,
    attempt: (number: number) => `${keys.attempts}#${number}`,
  };
  const members = createSealedMembers(sealer, CALLERS_OWN);
  const withSecret = <Part extends Pick<JobRequest, 'callback'>>(request: Part): Part => {
    const { callback } = request;
    if (callback?.secret === undefined || !isSealedText(callback.secret)) return request;
    return {
      ...request,
      callback: { ...callback, secret: sealer.openText(callback.secret, places.secret) },
    };
  };
  const partOfRequest: RecordSeal['partOfRequest'] = (text, parse) =>
    withSecret(parse(fullRequest(members.open(JSON.parse(text), places.request), job)));
  /** Of what holds no words of a provider nothing is encrypted. */
  const openWords = <Kept extends { error?: unknown }>(
    text: string,
    place: string,
    parse: (value: unknown) => Kept,
  ): Kept => {
    if (isSealedText(text)) return parse(JSON.parse(sealer.openText(text, place)));
    const kept = parse(JSON.parse(text));
    if (sealer.required && kept.error !== undefined) throw new UnsealedError(place);
    return kept;
  };
  return {
    requestText: (request) =>
      JSON.stringify(members.seal(dense ? denseRequest(request) : request, places.request)),
    request: (text) => partOfRequest(text, (kept) => jobRequestSchema.parse(kept)),
    partOfRequest,
    progressText: (progress) =>
      JSON.stringify(base === undefined ? progress : denseProgress(progress, base)),
    storyText: (progress) => (base === undefined ? '' : JSON.stringify(denseStory(progress, base))),
    progress: (text, known) =>
      keptProgressSchema.parse(fullProgress(membersOf(JSON.parse(text)), known)),
    attemptText: (attempt, end) => {
      const text = JSON.stringify(base === undefined ? attempt : denseAttempt(attempt, base, end));
      const { number, error } = attempt;
      return error === undefined ? text : sealer.sealText(text, places.attempt(number));
    },
    attempt: (text, number, { request, end }) =>
      openWords(text, places.attempt(number), (value) =>
        attemptSchema.parse(fullAttempt(membersOf(value), number, request, end)),
      ),
    endText: (end) => {
      const text = JSON.stringify(dense ? denseEnd(end) : end);
      return end.error === undefined ? text : sealer.sealText(text, places.end);
    },
    end: (text) =>
      openWords(text, places.end, (value) => jobEndSchema.parse(fullEnd(membersOf(value)))),
  };
}

function baseOf({ model, dialect, created_at }: Partial<DenseBase>): DenseBase | undefined {
  if (model === undefined || dialect === undefined || created_at === undefined) return undefined;
  return { model, dialect, created_at };
}
