import { idOfKey } from '@understudy/submission';
import type { FastifyRequest } from 'fastify';
import { readIdempotencyKey, requestFingerprint } from '../requests/idempotency-key.ts';
import type { IdempotentRequest } from './projects.ts';

/**
 * Who repeats what, of a request that makes something other than work: a project, a key, an endpoint
 * of webhooks.
 * @returns undefined without an idempotency key
 * @throws BrokerError for one that is malformed
 */
export function idempotentRequest(request: FastifyRequest): IdempotentRequest | undefined {
  const { headers, method, project } = request;
  const key = readIdempotencyKey(headers['idempotency-key']);
  if (key === undefined) return undefined;
  return {
    id: idOfKey('key_', project, key),
    fingerprint: requestFingerprint({
      method,
      path: request.route.url ?? '',
      headers,
      content: request.body,
      received: request.receivedBody ?? Buffer.alloc(0),
    }),
  };
}
