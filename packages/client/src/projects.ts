import { answered } from './connection.ts';
import type { Connection } from './connection.ts';
import type { Project } from './types.ts';

/** What belongs to a project is there for its own keys alone. */
export interface Projects {
  create(name: string): Promise<Project>;
  list(): Promise<Project[]>;
}

export function createProjects({ api }: Connection): Projects {
  return {
    create: async (name) => answered(await api.POST('/v1/admin/projects', { body: { name } })),
    list: async () => answered(await api.GET('/v1/admin/projects')).data,
  };
}
