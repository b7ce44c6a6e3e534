import { BrokerError } from '@understudy/contracts';
import type { Submission } from '@understudy/submission';
import type { FastifyRequest } from 'fastify';
import type { ApiParts } from '../api-parts.ts';
import { acceptJob } from '../jobs/accept-job.ts';
import type { AcceptedJob } from '../jobs/accept-job.ts';
import { readBrokerHeaders } from '../requests/broker-headers.ts';
import type { CallDoor } from './call-door.ts';

export interface CallTerms {
  /** How long the caller waits; absent where it fetches the answer later. */
  waitMs?: number;
  background?: boolean;
}

/**
 * Accepts a vendor's request as a job: its whole body is the job's, and options of the broker come
 * as headers.
 * @throws BrokerError in the words of that request: members of the body, and names of headers
 */
export async function acceptCall(
  parts: ApiParts,
  { endpoint, surface }: CallDoor,
  request: FastifyRequest<{ Body: Submission['body'] }>,
  terms: CallTerms,
): Promise<AcceptedJob> {
  const { caller, mayReadContent, headers, method, body } = request;
  const { expiresIn, maxCost, ...options } = readBrokerHeaders(headers);
  const received = request.receivedBody ?? Buffer.alloc(0);
  try {
    return await acceptJob(parts, {
      caller,
      mayReadContent,
      submission: {
        endpoint,
        body,
        ...options,
        ...(expiresIn === undefined ? {} : { expires_in: expiresIn }),
        ...(maxCost === undefined ? {} : { max_cost: maxCost }),
      },
      content: body,
      received,
      body: received,
      method,
      path: request.route.url ?? '',
      headers,
      surface,
      ...terms,
    });
  } catch (error) {
    throw error instanceof BrokerError ? inCallersWords(error) : error;
  }
}

const HEADER_BY_PARAM: Readonly<Record<string, string>> = {
  'callback.url': 'Understudy-Callback-Url',
  expires_in: 'Understudy-Expires-In',
  priority: 'Understudy-Priority',
  'providers.only': 'Understudy-Providers',
  'providers.except': 'Understudy-Providers',
};

function inCallersWords(error: BrokerError): BrokerError {
  const { code, message, param, retryAfterSeconds } = error;
  if (param === undefined) return error;
  const header = HEADER_BY_PARAM[param];
  return new BrokerError(
    code,
    header === undefined ? message : `the header ${header}: ${message}`,
    {
      param: header ?? param.replace(/^body\./, ''),
      cause: error.cause,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
  );
}
