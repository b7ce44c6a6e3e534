import type { Project } from '@understudy/client';
import { ask } from './connection.ts';
import type { Api } from './connection.ts';

const PER_PAGE = 100;

/** All projects by name, `default` first, page by page: there are as many as an operator makes. */
export async function readProjects(api: Api, signal: AbortSignal): Promise<Project[]> {
  const projects: Project[] = [];
  let after: string | undefined;
  do {
    const query = { limit: PER_PAGE, ...(after === undefined ? {} : { after }) };
    const page = await ask(api.GET('/v1/admin/projects', { params: { query }, signal }));
    projects.push(...page.data);
    after = page.next_after;
  } while (after !== undefined);
  return projects;
}
