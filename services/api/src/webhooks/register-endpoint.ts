import { BrokerError, DEFAULT_EVENTS } from '@understudy/contracts';
import { newEndpointId } from '@understudy/webhooks';
import type {
  EndpointCreation,
  RepeatableRequest,
  RevealedKey,
  WebhookEndpoint,
} from '@understudy/webhooks';
import type { z } from 'zod';
import type { ApiParts } from '../api-parts.ts';
import { mismatch } from '../requests/idempotency-key.ts';
import type { newEndpointSchema } from '../schemas/webhook-schemas.ts';
import { refuseOwnEd25519Key } from './webhook-refusals.ts';

/** Every event of a project goes to each of them. */
const MOST_ENDPOINTS = 50;

/**
 * Registers an endpoint, or finds the one that the same request registered.
 * @param wanted its URL has been checked
 * @throws BrokerError saying what stands in the way, and what to do about it
 */
export async function registerEndpoint(
  webhooks: ApiParts['webhooks'],
  project: string,
  wanted: z.infer<typeof newEndpointSchema>,
  request: RepeatableRequest | undefined,
): Promise<EndpointCreation & RevealedKey> {
  refuseOwnEd25519Key(wanted);
  const registered = await webhooks.listEndpoints(project);
  const isRepeat =
    request !== undefined && registered.some(({ id }) => id === newEndpointId(request));
  if (!isRepeat && registered.length >= MOST_ENDPOINTS) {
    throw new BrokerError(
      'conflict',
      `a project has at most ${MOST_ENDPOINTS} endpoints; delete one that is not used`,
    );
  }
  const draft = { ...wanted, events: wanted.events ?? [...DEFAULT_EVENTS] };
  const created = await webhooks.createEndpoint(project, draft, request);
  const { kind, endpoint, secret } = created;
  // The release before this one forgets it with any change of the endpoint.
  const { request_fingerprint: known } = endpoint;
  if (kind === 'repeated' && known !== undefined && known !== request?.fingerprint) {
    throw mismatch();
  }
  if (secret === undefined) throw toldBefore(endpoint);
  return { kind, endpoint, secret };
}

function toldBefore({ id, disabled_reason: reason }: WebhookEndpoint): BrokerError {
  const since =
    reason === 'removed'
      ? 'which was removed since'
      : `whose secret is told no more: POST /v1/webhooks/endpoints/${id}/rotate makes another`;
  return new BrokerError(
    'conflict',
    `this Idempotency-Key registered ${id}, ${since}; a new endpoint needs a new key`,
    { param: 'Idempotency-Key' },
  );
}
