import { STATUS_CODES } from 'node:http';
import { openAiErrorType } from '@understudy/contracts';
import type { ShownError } from './shown-error.ts';

/** RFC 9457, with the member that the vendors' SDKs read embedded. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  /** Names of the policies in `RateLimit-Policy` that are in the way. */
  'violated-policies'?: string[];
  error: { message: string; type: string; code: string; param: string | null };
}

/** Registered by draft-ietf-httpapi-ratelimit-headers-11. */
const QUOTA_EXCEEDED_TYPE = 'https://iana.org/assignments/http-problem-types#quota-exceeded';

/** @param path without the query, which may hold what the caller would not like to see repeated */
export function problemDocument(reason: ShownError, path: string): ProblemDocument {
  const { code, status, message, param, violated } = reason;
  return {
    type: violated === undefined ? `urn:understudy:error:${code}` : QUOTA_EXCEEDED_TYPE,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    instance: path,
    ...(violated === undefined ? {} : { 'violated-policies': violated.map(({ name }) => name) }),
    error: { message, type: openAiErrorType(status, reason.type), code, param: param ?? null },
  };
}
