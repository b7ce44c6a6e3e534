import { answered } from './connection.ts';
import type { Connection } from './connection.ts';
import { itemsOf } from './pages.ts';
import type { LimitsChange, Project } from './types.ts';

/** What belongs to a project is there for its own keys alone. */
export interface Projects {
  create(name: string): Promise<Project>;
  /** By name, `default` first. */
  list(): AsyncGenerator<Project, void, undefined>;
  /** A limit that is `null` is taken away, one that is absent stays. Holds everywhere within a second. */
  limit(name: string, limits: LimitsChange): Promise<Project>;
}

const PAGE_LIMIT = 100;

export function createProjects({ api }: Connection): Projects {
  return {
    create: async (name) => answered(await api.POST('/v1/admin/projects', { body: { name } })),
    list: () =>
      itemsOf(async (after) => {
        const query = { limit: PAGE_LIMIT, ...(after === undefined ? {} : { after }) };
        return answered(await api.GET('/v1/admin/projects', { params: { query } }));
      }),
    limit: async (name, limits) =>
      answered(
        await api.PATCH('/v1/admin/projects/{name}', {
          params: { path: { name } },
          body: { limits },
        }),
      ),
  };
}
