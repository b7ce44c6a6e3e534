import {
  attemptSchema,
  jobEndSchema,
  jobProgressSchema,
  jobRequestSchema,
} from '@understudy/contracts';
import type { Attempt, JobEnd, JobProgress, JobRecord, JobRequest } from '@understudy/contracts';
import { UnsealedError, createSealedMembers, isSealedText } from '@understudy/sealing';
import type { SealedMembers, Sealer } from '@understudy/sealing';
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
  return new JobSeal(sealer, keys, job, dense);
}

/** A class, as several are made for each job: functions of its own for each took as long as using them. */
class JobSeal implements RecordSeal {
  readonly #sealer: Sealer;
  readonly #members: SealedMembers;
  readonly #keys: Pick<JobKeys, 'record' | 'attempts'>;
  readonly #job: JobReference;
  readonly #dense: boolean;
  readonly #base: DenseBase | undefined;

  constructor(
    sealer: Sealer,
    keys: Pick<JobKeys, 'record' | 'attempts'>,
    job: JobReference & Partial<DenseBase>,
    dense: boolean,
  ) {
    this.#sealer = sealer;
    this.#members = createSealedMembers(sealer, CALLERS_OWN);
    this.#keys = keys;
    this.#job = job;
    this.#dense = dense;
    this.#base = dense ? baseOf(job) : undefined;
  }

  requestText(request: JobRequest): string {
    const kept = this.#dense ? denseRequest(request) : request;
    return JSON.stringify(this.#members.seal(kept, this.#place('request')));
  }

  request(text: string): JobRequest {
    return this.partOfRequest(text, parseRequest);
  }

  partOfRequest<Part extends Pick<JobRequest, 'callback'>>(
    text: string,
    parse: (members: unknown) => Part,
  ): Part {
    const kept = this.#members.open(JSON.parse(text), this.#place('request'));
    return this.#withSecret(parse(fullRequest(kept, this.#job)));
  }

  progressText(progress: JobProgress): string {
    return JSON.stringify(
      this.#base === undefined ? progress : denseProgress(progress, this.#base),
    );
  }

  storyText(progress: JobProgress): string {
    return this.#base === undefined ? '' : JSON.stringify(denseStory(progress, this.#base));
  }

  progress(text: string, base: DenseBase): JobProgress {
    return keptProgressSchema.parse(fullProgress(membersOf(JSON.parse(text)), base));
  }

  attemptText(attempt: Attempt, end?: JobEnd): string {
    const base = this.#base;
    const text = JSON.stringify(base === undefined ? attempt : denseAttempt(attempt, base, end));
    const { number, error } = attempt;
    return error === undefined ? text : this.#sealer.sealText(text, this.#attemptPlace(number));
  }

  attempt(text: string, number: number, { request, end }: AttemptedJob): Attempt {
    return this.#openWords(text, this.#attemptPlace(number), (value) =>
      attemptSchema.parse(fullAttempt(membersOf(value), number, request, end)),
    );
  }

  endText(end: JobEnd): string {
    const text = JSON.stringify(this.#dense ? denseEnd(end) : end);
    return end.error === undefined ? text : this.#sealer.sealText(text, this.#place('end'));
  }

  end(text: string): JobEnd {
    return this.#openWords(text, this.#place('end'), parseEnd);
  }

  /** `callback`: of the secret alone, as records from before held it. */
  #place(part: 'request' | 'callback' | 'end'): string {
    return `${this.#keys.record}#${part}`;
  }

  #attemptPlace(number: number): string {
    return `${this.#keys.attempts}#${number}`;
  }

  #withSecret<Part extends Pick<JobRequest, 'callback'>>(request: Part): Part {
    const { callback } = request;
    if (callback?.secret === undefined || !isSealedText(callback.secret)) return request;
    const secret = this.#sealer.openText(callback.secret, this.#place('callback'));
    return { ...request, callback: { ...callback, secret } };
  }

  /** Of what holds no words of a provider nothing is encrypted. */
  #openWords<Kept extends { error?: unknown }>(
    text: string,
    place: string,
    parse: (value: unknown) => Kept,
  ): Kept {
    if (isSealedText(text)) return parse(JSON.parse(this.#sealer.openText(text, place)));
    const kept = parse(JSON.parse(text));
    if (this.#sealer.required && kept.error !== undefined) throw new UnsealedError(place);
    return kept;
  }
}

function parseRequest(kept: unknown): JobRequest {
  return jobRequestSchema.parse(kept);
}

function parseEnd(kept: unknown): JobEnd {
  return jobEndSchema.parse(fullEnd(membersOf(kept)));
}

function baseOf({ model, dialect, created_at }: Partial<DenseBase>): DenseBase | undefined {
  if (model === undefined || dialect === undefined || created_at === undefined) return undefined;
  return { model, dialect, created_at };
}
