import type { Project } from '@understudy/client';
import { ask } from './connection.ts';
import type { Api } from './connection.ts';
import { readPages } from './read-pages.ts';

/** All projects by name, `default` first. */
export function readProjects(api: Api, signal: AbortSignal): Promise<Project[]> {
  return readPages((query) => ask(api.GET('/v1/admin/projects', { params: { query }, signal })));
}
