import type { Redis } from '@understudy/runtime';
import { findListed } from '../find-listed.ts';
import { listsFor } from '../project-lists.ts';
import type { JobListFilter } from '../project-lists.ts';
import type { ListPosition } from '../walk-lists.ts';

/** Ids of the jobs of a project that stand in the lists of a filter, newest first. */
export async function listedIds(
  redis: Redis,
  prefix: string,
  project: string,
  filter: JobListFilter = {},
  after?: ListPosition,
): Promise<string[]> {
  const lists = await listsFor(redis, prefix, [project], filter);
  const ids: string[] = [];
  for await (const { jobs } of findListed(redis, lists, { ...filter, after })) {
    ids.push(...jobs.map(({ id }) => id));
  }
  return ids;
}
