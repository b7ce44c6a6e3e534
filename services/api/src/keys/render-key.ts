import type { ListedKey } from './managed-keys.ts';
import { instant } from '../answers/instant.ts';
import type { KeyView } from '../schemas/admin-schemas.ts';
import { isLive } from './stored-key.ts';

/** A key as administrators see it: nothing of it opens anything. */
export function renderKey({ stored, lastUsedAt }: ListedKey, now: number): KeyView {
  const { id, project, name, scopes, source, hint, limits } = stored;
  const { created_at: createdAt, expires_at: expiresAt } = stored;
  return {
    id,
    object: 'api_key',
    project,
    ...(name === undefined ? {} : { name }),
    scopes,
    status: isLive(stored, now) ? 'live' : 'expired',
    source,
    ...(hint === undefined ? {} : { hint }),
    ...(limits === undefined ? {} : { limits }),
    created_at: instant(createdAt),
    ...(expiresAt === undefined ? {} : { expires_at: instant(expiresAt) }),
    ...(lastUsedAt === undefined ? {} : { last_used_at: instant(lastUsedAt) }),
  };
}
