import type { Who } from './session-store.ts';

export interface ViewedProject {
  project: string;
  /** To be named in the addresses of its things; undefined where the session sees one project alone. */
  linked: string | undefined;
}

/**
 * The project of a view that cannot show all of them at once: the one its address names, the one that
 * was chosen, or the key's own.
 */
export function viewedProject(
  { acting, project }: Pick<Who, 'acting' | 'project'>,
  named: string | undefined,
): ViewedProject {
  if (acting === undefined) return { project, linked: undefined };
  if (acting !== '*') return { project: named ?? acting, linked: named };
  const viewed = named ?? project;
  return { project: viewed, linked: viewed };
}
