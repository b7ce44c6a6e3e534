import {
  BrokerError,
  DEFAULT_PRIORITY,
  DIALECT_BY_ENDPOINT,
  SCHEMA_VERSION,
  orderNumber,
} from '@understudy/contracts';
import type { Callback, JobRequest, Surface } from '@understudy/contracts';
import { givenDurationMs } from './given-duration.ts';
import type { Submission } from './submission.ts';

const SHORTEST_LIFE_MS = 1000;
const LONGEST_LIFE_MS = 7 * 86_400_000;

/** What the request says beside its body. */
export interface SubmitContext {
  id: string;
  project: string;
  /** The trace that the request belongs to. */
  trace: Pick<JobRequest, 'traceparent' | 'tracestate'>;
  fingerprint: string | undefined;
  now: number;
  /** Where the submission names none. */
  expiresInMs: number;
  /** The submission's own, checked against the outbound policy. */
  callback: Callback | undefined;
  /** The vendor's door it came through. */
  surface?: Surface;
  /** Values of `anthropic-beta` that came with a request of Messages. */
  betas?: string[];
  /** A Response that its caller fetches later. */
  background?: boolean;
  /** Our id of the Response that it goes on from, where its body has the vendor's. */
  previousResponse?: string;
  /** The job that it does again. */
  retryOf?: string;
  /** Id of the API key that it came with. */
  key?: string;
}

/** @throws BrokerError for an `expires_in` that is no duration or out of bounds */
export function newJobRequest(submission: Submission, context: SubmitContext): JobRequest {
  const { endpoint, body, metadata, providers, priority = DEFAULT_PRIORITY, store } = submission;
  const { id, project, trace, fingerprint, now, callback, key } = context;
  const { surface, betas, background, previousResponse, retryOf } = context;
  const { max_cost: maxCost } = submission;
  const user = userOf(body, metadata);
  return {
    v: SCHEMA_VERSION,
    id,
    project,
    endpoint,
    dialect: DIALECT_BY_ENDPOINT[endpoint],
    model: body.model,
    priority,
    order: orderNumber(priority, now),
    ...trace,
    created_at: now,
    expires_at: now + (lifeOf(submission.expires_in) ?? context.expiresInMs),
    ...(metadata === undefined ? {} : { metadata }),
    ...(user === undefined ? {} : { user }),
    ...(providers === undefined ? {} : { providers }),
    ...(maxCost === undefined ? {} : { max_cost: maxCost }),
    ...(callback === undefined ? {} : { callback }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(surface === undefined ? {} : { surface }),
    ...(betas === undefined ? {} : { betas }),
    ...(background === undefined ? {} : { background }),
    ...(previousResponse === undefined ? {} : { previous_response_id: previousResponse }),
    ...(retryOf === undefined ? {} : { retry_of: retryOf }),
    ...(store === false ? { store } : {}),
    ...(key === undefined ? {} : { key }),
  };
}

function lifeOf(expiresIn: string | number | undefined): number | undefined {
  if (expiresIn === undefined) return undefined;
  const lifeMs = givenDurationMs(expiresIn);
  if (lifeMs !== undefined && isAskableLife(lifeMs)) return lifeMs;
  throw new BrokerError(
    'invalid_request',
    'expires_in must be seconds, or a duration such as "30s", "10m" or "2h", from 1 s to 7 d',
    { param: 'expires_in' },
  );
}

/** Whether a caller may ask for a life of so many ms; a route may give a longer or shorter one. */
export function isAskableLife(lifeMs: number): boolean {
  return lifeMs >= SHORTEST_LIFE_MS && lifeMs <= LONGEST_LIFE_MS;
}

/** Where the vendors' requests name the end user; the broker's own metadata come last. */
function userOf(
  body: Record<string, unknown>,
  metadata: Record<string, string> | undefined,
): string | undefined {
  const named = [
    body['user'],
    body['safety_identifier'],
    userId(body['metadata']),
    metadata?.['user_id'],
  ];
  return named.find((value): value is string => typeof value === 'string' && value !== '');
}

function userId(metadata: unknown): unknown {
  return typeof metadata === 'object' && metadata !== null && 'user_id' in metadata
    ? metadata.user_id
    : undefined;
}
