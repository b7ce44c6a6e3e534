import type { Who } from '../session/session-store.ts';

/** What can be read of all projects at once. */
const OF_ALL_PROJECTS: ReadonlySet<string> = new Set([
  '/v1/jobs',
  '/v1/jobs/facets',
  '/v1/statistics',
  '/v1/events',
  '/v1/webhooks/deliveries',
  '/v1/batches',
]);
/** A job is found by its id, whichever project has it. */
const JOB = /^\/v1\/jobs\/job_\w+$/;

/**
 * The `Understudy-Project` of a call: which project it acts on, where that is not the key's own.
 * Only the operator's key may send it, and `*` only where a call can be made of all projects.
 */
export function projectHeader(
  { method, url }: Pick<Request, 'method' | 'url'>,
  who: Pick<Who, 'acting' | 'project'> | undefined,
  project: string | undefined,
): string | undefined {
  if (who?.acting === undefined) return undefined;
  const chosen = project ?? who.acting;
  if (chosen === who.project) return undefined;
  if (chosen !== '*') return chosen;
  const { pathname } = new URL(url);
  const isOfAll = OF_ALL_PROJECTS.has(pathname) || JOB.test(pathname);
  return method === 'GET' && isOfAll ? chosen : undefined;
}
