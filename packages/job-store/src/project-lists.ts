import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { z } from 'zod';
import { kindText, parseKind } from './job-kind.ts';
import type { JobKind, ListedStatus } from './job-kind.ts';
import { batchListKey, kindListKey, kindsKey, metadataLists } from './list-keys.ts';
import type { CreationRange, JobList } from './walk-lists.ts';

/** Which jobs of the lists; what is absent does not matter. */
export interface JobListFilter extends CreationRange {
  /** One of these. */
  statuses?: readonly ListedStatus[] | undefined;
  model?: string | undefined;
  route?: string | undefined;
  provider?: string | undefined;
  error?: string | undefined;
  /** Id of the batch. */
  batch?: string | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
}

/** The list of one kind of job. */
export interface KindList extends JobList {
  kind: JobKind;
}

/** The lists of a project that tell whether its jobs fit. */
export interface ProjectLists {
  project: string;
  /** A job stands in one of these at most. */
  kinds: KindList[];
  /** True when every kind is among them. */
  isAnyKind: boolean;
  /** A job must stand in each of these: of its batch, of each pair of metadata. */
  narrow: JobList[];
}

/** The lists that decide over a filter; one round trip. */
export async function listsFor(
  redis: Redis,
  prefix: string,
  projects: readonly string[],
  filter: JobListFilter,
): Promise<ProjectLists[]> {
  const pipeline = redis.pipeline();
  for (const project of projects) pipeline.smembers(kindsKey(prefix, project));
  const replies = await repliesOf(pipeline.exec());
  return projects.map((project, index) => {
    const all = z.array(z.string()).parse(replies[index]).map(parseKind);
    const kinds = all.filter((kind) => isOfKind(kind, filter));
    return {
      project,
      isAnyKind: kinds.length === all.length,
      kinds: kinds.map((kind) => ({
        project,
        kind,
        key: kindListKey(prefix, project, kindText(kind)),
      })),
      narrow: narrowLists(prefix, project, filter),
    };
  });
}

/** Whether jobs of this kind fit, as far as their kind tells. */
function isOfKind(kind: JobKind, filter: JobListFilter): boolean {
  const { statuses, model, route, provider, error } = filter;
  return (
    (statuses === undefined || statuses.includes(kind.status)) &&
    (model === undefined || kind.model === model) &&
    (route === undefined || kind.route === route) &&
    (provider === undefined || kind.provider === provider) &&
    (error === undefined || kind.error === error)
  );
}

function narrowLists(
  prefix: string,
  project: string,
  { batch, metadata = {} }: JobListFilter,
): JobList[] {
  return [
    ...(batch === undefined ? [] : [{ project, key: batchListKey(prefix, project, batch) }]),
    ...metadataLists(prefix, project, metadata).map((list) => ({ project, ...list })),
  ];
}

/** How many jobs stand in each list; one round trip. */
export async function lengthsOf(
  redis: Redis,
  lists: readonly JobList[],
): Promise<ReadonlyMap<string, number>> {
  const pipeline = redis.pipeline();
  for (const { key } of lists) pipeline.zcard(key);
  const replies = await repliesOf(pipeline.exec());
  return new Map(lists.map(({ key }, index) => [key, Number(replies[index])]));
}

export function lengthOf(lengths: ReadonlyMap<string, number>, { key }: JobList): number {
  return lengths.get(key) ?? 0;
}
