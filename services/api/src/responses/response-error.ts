import type { JobError, JobRecord } from '@understudy/contracts';
import { isBodyAtFault } from '../errors/is-body-at-fault.ts';

/** Of the codes that OpenAI's types name, those that say what can happen here. */
export interface ResponseError {
  code: 'server_error' | 'rate_limit_exceeded' | 'invalid_prompt';
  message: string;
}

/**
 * Why a Response failed. One that expired failed too: OpenAI knows no such end, and `incomplete` is
 * for answers that were cut short.
 */
export function responseError({ status, end }: JobRecord): ResponseError {
  const error: JobError = end?.error ?? { code: status, message: `the job is ${status}` };
  const message = error.provider_error?.message ?? error.message;
  return { code: status === 'expired' ? 'server_error' : codeOf(error), message };
}

/** Statuses with which a provider refuses the request itself, whoever sends it. */
const REFUSALS: readonly number[] = [400, 413, 414, 422, 431];

function codeOf(error: JobError): ResponseError['code'] {
  const { status_code: status = 0 } = error;
  if (status === 429) return 'rate_limit_exceeded';
  return REFUSALS.includes(status) || isBodyAtFault(error) ? 'invalid_prompt' : 'server_error';
}
