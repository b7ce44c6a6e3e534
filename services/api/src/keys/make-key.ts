import { BrokerError } from '@understudy/contracts';
import { createId, givenDurationMs } from '@understudy/submission';
import type { z } from 'zod';
import type { ApiParts } from '../api-parts.ts';
import { mismatch } from '../requests/idempotency-key.ts';
import type { newKeySchema } from '../schemas/admin-schemas.ts';
import { MOST_KEYS_OF_A_NAME, MOST_KEYS_OF_A_PROJECT } from './managed-keys.ts';
import type { KeyCreation } from './managed-keys.ts';
import type { IdempotentRequest } from './projects.ts';

type NewKey = z.infer<typeof newKeySchema>;
type MadeKey = Extract<KeyCreation, { kind: 'made' }>;

const SHORTEST_LIFE_MS = 1000;
const LONGEST_LIFE_MS = 3650 * 86_400_000;

/** @throws BrokerError saying what stands in the way, and what to do about it */
export async function makeKey(
  { keys, dispatch }: Pick<ApiParts, 'keys' | 'dispatch'>,
  wanted: NewKey,
  request: IdempotentRequest | undefined,
): Promise<MadeKey> {
  const now = dispatch.clock.now();
  const { expires_in: expiresIn, ...draft } = wanted;
  const created = await keys.managed.create(
    {
      ...draft,
      // Never of the Idempotency-Key, which is forgotten before the key that it made: an id again would
      // be a key that cannot be revoked.
      id: createId('key_', now),
      ...(expiresIn === undefined ? {} : { expiresAt: now + lifeOf(expiresIn) }),
    },
    request,
  );
  if (created.kind === 'made') return created;
  throw refusal(created, wanted, request);
}

function lifeOf(expiresIn: string | number): number {
  const lifeMs = givenDurationMs(expiresIn);
  if (lifeMs !== undefined && lifeMs >= SHORTEST_LIFE_MS && lifeMs <= LONGEST_LIFE_MS)
    return lifeMs;
  throw new BrokerError(
    'invalid_request',
    'expires_in must be seconds, or a duration such as "12h" or "90d", from 1 s to 3650 d',
    { param: 'expires_in' },
  );
}

function refusal(
  refused: Exclude<KeyCreation, MadeKey>,
  { project, name = '' }: NewKey,
  request: IdempotentRequest | undefined,
): BrokerError {
  switch (refused.kind) {
    case 'no_project':
      return new BrokerError(
        'not_found',
        `there is no project "${project}"; make it with POST /v1/admin/projects`,
        { param: 'project' },
      );
    case 'repeated':
      if (refused.fingerprint !== request?.fingerprint) return mismatch();
      return new BrokerError(
        'conflict',
        `this Idempotency-Key made the key ${refused.id}, whose text was told once; if that answer ` +
          `was lost, revoke the key and make one with a new Idempotency-Key`,
        { param: 'Idempotency-Key' },
      );
    case 'name_taken':
      return new BrokerError(
        'conflict',
        `the project "${project}" has ${MOST_KEYS_OF_A_NAME} live keys named "${name}"; ` +
          `revoke the older one first: DELETE /v1/admin/keys/${refused.oldest}, or ` +
          `understudy keys revoke ${refused.oldest}`,
        { param: 'name' },
      );
    case 'full':
  }
  return new BrokerError(
    'conflict',
    `the project "${project}" has ${MOST_KEYS_OF_A_PROJECT} live keys; revoke what is not used`,
    { param: 'project' },
  );
}
