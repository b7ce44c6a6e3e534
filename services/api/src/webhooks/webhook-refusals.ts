import { BrokerError } from '@understudy/contracts';
import type { WebhookEndpoint } from '@understudy/webhooks';

/**
 * What was read, if it was there. Somebody else's answers like nobody's.
 * @throws BrokerError 404
 */
export function found<Thing>(thing: Thing | undefined, what: 'endpoint' | 'delivery'): Thing {
  if (thing !== undefined) return thing;
  throw new BrokerError(
    'not_found',
    what === 'endpoint'
      ? 'there is no webhook endpoint of this id; see GET /v1/webhooks/endpoints'
      : 'there is no delivery of this id; settled ones are kept for a while only',
  );
}

/** Of an Ed25519 key the private half would have to be told, which nobody needs. */
export function refuseOwnEd25519Key(body: { kind?: string; secret?: string }): void {
  if (body.kind !== 'ed25519' || body.secret === undefined) return;
  throw new BrokerError(
    'invalid_request',
    'secret goes with the kind "symmetric"; the pair of an Ed25519 key is made here',
    { param: 'secret' },
  );
}

/** Nothing is sent to an endpoint that is disabled: what was made for it would die at once. */
export function refuseDisabled({ id, status }: WebhookEndpoint): void {
  if (status === 'enabled') return;
  throw new BrokerError(
    'conflict',
    `${id} is disabled; POST /v1/webhooks/endpoints/${id}/enable sends there again`,
  );
}

/** The endpoint behind callbacks follows from the jobs. */
export function refuseImplicit({ id }: WebhookEndpoint): void {
  if (!id.startsWith('cb_')) return;
  throw new BrokerError(
    'conflict',
    `${id} stands for the callbacks of jobs to one URL; it can only be disabled and enabled`,
  );
}

/**
 * Answers follow an endpoint to wherever it is, also those of kept deliveries that were made while it
 * included them: who may not read answers neither has them sent nor says where to.
 * @param asked of a new endpoint `include` alone, as nothing was made for it yet
 * @throws BrokerError 403
 */
export function refuseSendingUnread(
  mayReadContent: boolean,
  asked: { include?: 'result' | null | undefined; url?: string },
): void {
  const param = asked.include === 'result' ? 'include' : 'url';
  if (mayReadContent || (param === 'url' && asked.url === undefined)) return;
  throw new BrokerError(
    'forbidden',
    `${param} sends answers of the project's jobs elsewhere; that needs a key with read beside submit`,
    { param },
  );
}
