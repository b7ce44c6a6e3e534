import { BrokerError } from '@understudy/contracts';
import type { JobRequest } from '@understudy/contracts';
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

/** Who goes on from a Response. */
export interface Continuing {
  project: string;
  /** Id of the key it asks with. */
  key?: string;
  /** Whether it sees the project's answers, or else is not told what becomes of this request. */
  mayReadContent: boolean;
}

/**
 * A Responses answer carries our id, which no vendor knows. Where a request goes on from one, the
 * vendor's own id of that answer takes its place; an id that is not ours stays as it is. Reads a
 * record only where there is one of ours.
 * @param route of a submission that was checked: a single provider may answer it
 * @throws BrokerError 400 when the provider that is asked did not give that answer, 403 when who goes on
 *   from it may not read it
 */
export async function withVendorsResponseId(
  store: Pick<JobStore, 'read'>,
  asker: Continuing,
  { body: { [MEMBER]: previous }, providers }: Submission,
  body: Buffer,
  route: Route,
  views: RoutingViews,
): Promise<LinkedBody> {
  if (typeof previous !== 'string' || !isId('resp_', previous)) return { body };
  const { project } = asker;
  const earlier = await store.read({ project, id: withIdPrefix('job_', previous) });
  if (earlier === undefined || earlier.record.request.dialect !== 'responses') {
    throw refusal('is not known here; finished jobs are kept for a while only');
  }
  if (!asker.mayReadContent && !isOwn(earlier.record.request, asker)) {
    throw new BrokerError(
      'forbidden',
      `${MEMBER} names a response that this key did not ask for; going on from it needs a key with read beside submit`,
      { param: `body.${MEMBER}` },
    );
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

/**
 * Whether the conversation is the asker's own. A retry asks what somebody else may have asked, and a line
 * of a batch may go on from anything: to neither is a key without read shown the answer.
 */
function isOwn({ key, retry_of: retryOf, batch }: JobRequest, asker: Continuing): boolean {
  return key !== undefined && key === asker.key && retryOf === undefined && batch === undefined;
}

function refusal(problem: string): BrokerError {
  return new BrokerError('invalid_request', `the response named by ${MEMBER} ${problem}`, {
    param: `body.${MEMBER}`,
  });
}
