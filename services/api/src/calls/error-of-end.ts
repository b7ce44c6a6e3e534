import type { JobError, JobRecord } from '@understudy/contracts';
import { z } from 'zod';
import { isBodyAtFault } from '../errors/is-body-at-fault.ts';
import { JobNotCompleted } from '../errors/shown-error.ts';

/** What a call answers whose job failed and no provider's status says why. */
const BAD_GATEWAY = 502;
/** What it answers where its own body is why no provider was called. */
const BAD_REQUEST = 400;

/**
 * What one who waited is told of a job that ended without an answer: what the deciding provider
 * said, with its status; 400 when none could be sent its body, 504 when it expired, 409 when somebody
 * cancelled it.
 */
export function errorOfEnd({ status, end }: JobRecord): JobNotCompleted {
  const error: JobError = end?.error ?? { code: status, message: `the job is ${status}` };
  if (status === 'expired') return new JobNotCompleted({ ...error, status: 504 });
  if (status === 'cancelled') return new JobNotCompleted({ ...error, status: 409 });
  const { type, code, message, body } = error.provider_error ?? {};
  return new JobNotCompleted({
    status: statusOf(error),
    code: code ?? error.code,
    message: message ?? error.message,
    param: paramIn(body),
    ...(type === undefined ? {} : { type }),
  });
}

/** An error inside a good answer has a status that says nothing, and so has a redirect. */
function statusOf(error: JobError): number {
  const { status_code: status = 0 } = error;
  if (status >= 400 && status <= 599) return status;
  return isBodyAtFault(error) ? BAD_REQUEST : BAD_GATEWAY;
}

const bodyWithParamSchema = z.object({ error: z.object({ param: z.string() }) });

/** Which member of the request the provider named. Its body may have been cut. */
function paramIn(body: string | undefined): string | undefined {
  if (body === undefined) return undefined;
  try {
    return bodyWithParamSchema.safeParse(JSON.parse(body)).data?.error.param;
  } catch {
    return undefined;
  }
}
