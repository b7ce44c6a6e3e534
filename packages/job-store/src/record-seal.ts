import { attemptSchema, jobEndSchema, jobRequestSchema } from '@understudy/contracts';
import type { Attempt, JobEnd, JobRequest } from '@understudy/contracts';
import { UnsealedError, createSealedMembers, isSealedText } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import type { JobKeys } from './job-keys.ts';

/** Of a request, what its caller wrote beside the body: it may name people, or open doors. */
const CALLERS_OWN = ['metadata', 'user', 'callback'];

/**
 * What of a job's record is encrypted, beside the bytes of request and result: what providers said
 * of failures, which may repeat a prompt, metadata, and who is called back. All else stays readable
 * to scripts, and to whoever looks into Redis.
 */
export interface RecordSeal {
  requestText(request: JobRequest): string;
  request(text: string): JobRequest;
  /** Of a request, what `parse` takes of its members. */
  partOfRequest<Part extends Pick<JobRequest, 'callback'>>(
    text: string,
    parse: (members: unknown) => Part,
  ): Part;
  attemptText(attempt: Attempt): string;
  attempt(text: string, number: number): Attempt;
  endText(end: JobEnd): string;
  end(text: string): JobEnd;
}

/** @param keys of the one job; each part of it is bound to its key in Redis */
export function createRecordSeal(
  sealer: Sealer,
  keys: Pick<JobKeys, 'record' | 'attempts'>,
): RecordSeal {
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
    withSecret(parse(members.open(JSON.parse(text), places.request)));
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
    requestText: (request) => JSON.stringify(members.seal(request, places.request)),
    request: (text) => partOfRequest(text, (kept) => jobRequestSchema.parse(kept)),
    partOfRequest,
    attemptText: (attempt) => {
      const text = JSON.stringify(attempt);
      const { number, error } = attempt;
      return error === undefined ? text : sealer.sealText(text, places.attempt(number));
    },
    attempt: (text, number) =>
      openWords(text, places.attempt(number), (value) => attemptSchema.parse(value)),
    endText: (end) => {
      const text = JSON.stringify(end);
      return end.error === undefined ? text : sealer.sealText(text, places.end);
    },
    end: (text) => openWords(text, places.end, (value) => jobEndSchema.parse(value)),
  };
}
