import { BrokerError } from '@understudy/contracts';
import type { JobReference } from '@understudy/job-store';
import { isId, withIdPrefix } from '@understudy/submission';

/**
 * The job that is known to OpenAI's callers by this id, in the caller's project.
 * @throws BrokerError 404 for what can be the id of none
 */
export function responseReference(project: string, id: string): JobReference {
  if (!isId('resp_', id)) throw responseNotFound();
  return { project, id: withIdPrefix('job_', id) };
}

/** The same for a Response of nobody, for one of somebody else, and for a job of another kind. */
export function responseNotFound(): BrokerError {
  return new BrokerError(
    'not_found',
    'there is no response of this id; finished ones are kept for a while only',
  );
}
