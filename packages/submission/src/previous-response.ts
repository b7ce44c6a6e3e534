import { BrokerError } from '@understudy/contracts';
import type { JobStore } from '@understudy/job-store';
import { editTopLevel } from '@understudy/provider';
import type { Route, RoutingViews } from '@understudy/routing';
import { permittedProviders } from './check-submission.ts';
import { isId, withIdPrefix } from './job-id.ts';
import type { Submission } from './submission.ts';

const MEMBER = 'previous_response_id';

/** What providers are asked with, and what its answer is to show instead of the vendor's id in it. */
export interface LinkedBody {
  /** As received, but for the id of the Response that it goes on from. */
  body: Buffer;
  /** Our id of that Response, where the vendor's took its place. */
  previousResponse?: string;
}

/**
 * A Responses answer carries our id, which no vendor knows. Where a request goes on from one, the
 * vendor's own id of that answer takes its place; an id that is not ours stays as it is. Reads a
 * record only where there is one of ours.
 * @param route of a submission that was checked: a single provider may answer it
 * @throws BrokerError 400 when the provider that is asked did not give that answer
 */
export async function withVendorsResponseId(
  store: Pick<JobStore, 'read'>,
  project: string,
  { body: { [MEMBER]: previous }, providers }: Submission,
  body: Buffer,
  route: Route,
  views: RoutingViews,
): Promise<LinkedBody> {
  if (typeof previous !== 'string' || !isId('resp_', previous)) return { body };
  const earlier = await store.read({ project, id: withIdPrefix('job_', previous) });
  if (earlier === undefined || earlier.record.request.dialect !== 'responses') {
    throw refusal('is not known here; finished jobs are kept for a while only');
  }
  const { status } = earlier.record;
  if (status !== 'completed')
    throw refusal(`is ${status}; only a completed one can be gone on from`);
  const answered = earlier.attempts.findLast(({ outcome }) => outcome === 'succeeded');
  const vendors = answered?.provider_response_id;
  if (
    answered === undefined ||
    vendors === undefined ||
    (answered.dialect ?? 'responses') !== 'responses'
  ) {
    throw refusal('was answered in another format, so no vendor keeps it; send the conversation');
  }
  if (!permittedProviders(route, { project, providers }, views).includes(answered.provider)) {
    throw refusal(`was given by "${answered.provider}", which this request does not go to`);
  }
  return {
    body: Buffer.from(editTopLevel(body, { [MEMBER]: vendors })),
    previousResponse: previous,
  };
}

function refusal(problem: string): BrokerError {
  return new BrokerError('invalid_request', `the response named by ${MEMBER} ${problem}`, {
    param: `body.${MEMBER}`,
  });
}
