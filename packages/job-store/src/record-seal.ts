import { attemptSchema, jobEndSchema } from '@understudy/contracts';
import type { Attempt, JobEnd, JobRequest } from '@understudy/contracts';
import type { Sealer } from '@understudy/sealing';
import type { JobKeys } from './job-keys.ts';
import { parseRequest } from './parse-record.ts';

/**
 * What of a job's record is encrypted, beside the bytes of request and result: what providers said
 * of failures, which may repeat a prompt, and the secret of a callback. All else stays readable to
 * scripts, and to whoever looks into Redis.
 */
export interface RecordSeal {
  requestText(request: JobRequest): string;
  request(text: string): JobRequest;
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
    secret: `${keys.record}#callback`,
    end: `${keys.record}#end`,
    attempt: (number: number) => `${keys.attempts}#${number}`,
  };
  const withSecret = (
    request: JobRequest,
    change: (text: string, place: string) => string,
  ): JobRequest => {
    const { callback } = request;
    if (callback?.secret === undefined) return request;
    return {
      ...request,
      callback: { ...callback, secret: change(callback.secret, places.secret) },
    };
  };
  return {
    requestText: (request) => JSON.stringify(withSecret(request, sealer.sealText)),
    request: (text) => withSecret(parseRequest(text), sealer.openText),
    attemptText: (attempt) => {
      const text = JSON.stringify(attempt);
      const { number, error } = attempt;
      return error === undefined ? text : sealer.sealText(text, places.attempt(number));
    },
    attempt: (text, number) =>
      attemptSchema.parse(JSON.parse(sealer.openText(text, places.attempt(number)))),
    endText: (end) => {
      const text = JSON.stringify(end);
      return end.error === undefined ? text : sealer.sealText(text, places.end);
    },
    end: (text) => jobEndSchema.parse(JSON.parse(sealer.openText(text, places.end))),
  };
}
