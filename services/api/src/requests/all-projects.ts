import type { OpenDispatch } from '@understudy/dispatch';
import { readProjects } from '@understudy/job-store';

/** By which an administrator says in which project a request acts. */
export const PROJECT_HEADER = 'understudy-project';

/** Stands for a project where an operator looks at all of them; no project can have this name. */
export const ALL_PROJECTS = '*';

/** The projects that a request acts on: the one it names, or every one that has jobs. */
export async function projectsOf(
  { redis, keyPrefix }: Pick<OpenDispatch, 'redis' | 'keyPrefix'>,
  project: string,
): Promise<string[]> {
  return project === ALL_PROJECTS ? readProjects(redis, keyPrefix) : [project];
}
