import type { Resolution } from './resolution.ts';

/** What is counted together: the jobs of one project, or those of all of them. */
export type Scope = { project: string } | 'all_projects';

/** All keys of a project share a slot; so do those of all projects together. */
function base(prefix: string, scope: Scope): string {
  return scope === 'all_projects'
    ? `${prefix}:{statistics}`
    : `${prefix}:{p:${scope.project}}:statistics`;
}

/** Hash: what happened in one minute or hour. */
export function bucketKey(
  prefix: string,
  scope: Scope,
  resolution: Resolution,
  start: number,
): string {
  return `${base(prefix, scope)}:${resolution}:${start / 1000}`;
}

/** Hash: up to which entry of each shard's outbox was counted. */
export function countedKey(prefix: string, scope: Scope): string {
  return `${base(prefix, scope)}:counted`;
}
