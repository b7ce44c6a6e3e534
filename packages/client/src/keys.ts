import { answered, byId } from './connection.ts';
import type { Connection } from './connection.ts';
import { itemsOf } from './pages.ts';
import type { ApiKey, ApiKeyWithText, NewApiKey } from './types.ts';

/** API keys of all projects. */
export interface Keys {
  /** The key itself is in this answer alone. */
  create(key: NewApiKey): Promise<ApiKeyWithText>;
  /** Newest first. */
  list(filter?: { project?: string }): AsyncGenerator<ApiKey, void, undefined>;
  /** Within a second it opens nothing any more. */
  revoke(id: string): Promise<void>;
}

const PAGE_LIMIT = 100;

export function createKeys({ api }: Connection): Keys {
  return {
    create: async (body) => answered(await api.POST('/v1/admin/keys', { body })),
    list: (filter) =>
      itemsOf(async (after) => {
        const query = { ...filter, limit: PAGE_LIMIT, ...(after === undefined ? {} : { after }) };
        return answered(await api.GET('/v1/admin/keys', { params: { query } }));
      }),
    revoke: async (id) => {
      await api.DELETE('/v1/admin/keys/{id}', byId(id));
    },
  };
}
