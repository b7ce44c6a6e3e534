import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { z } from 'zod';
import { findListed } from './find-listed.ts';
import { lengthOf, lengthsOf } from './project-lists.ts';
import type { KindList, ProjectLists } from './project-lists.ts';
import { portions } from './portions.ts';
import type { CreationRange, ListedJob } from './walk-lists.ts';

/** Jobs whose kinds are looked up one by one, times the kinds that there are. */
const MOST_LOOK_UPS = 100_000;
/** Jobs whose records are asked whether they are meant. */
const MOST_ASKED = 1000;
/** Members that Redis compares for one answer, a kind at a time. */
const MOST_COMPARED = 250_000;

/** How many jobs of a project are of a kind. */
export interface KindCount extends Pick<KindList, 'project' | 'kind'> {
  count: number;
}

/** The lengths of the lists of kinds, within a range of creation; one round trip. */
export async function countKinds(
  redis: Redis,
  lists: readonly ProjectLists[],
  { from, before }: CreationRange,
): Promise<KindCount[]> {
  const kinds = lists.flatMap((ofProject) => ofProject.kinds);
  const pipeline = redis.pipeline();
  for (const { key } of kinds) {
    if (from === undefined && before === undefined) pipeline.zcard(key);
    else pipeline.zcount(key, from ?? '-inf', before === undefined ? '+inf' : `(${before}`);
  }
  const replies = await repliesOf(pipeline.exec());
  return kinds.map(({ project, kind }, index) => ({
    project,
    kind,
    count: Number(replies[index]),
  }));
}

/**
 * Those of the jobs whose records have the metadata that is asked for; undefined where a record can
 * not be read here.
 */
export type MeantAmong = (jobs: readonly ListedJob[]) => Promise<ListedJob[] | undefined>;

export interface NarrowCount {
  counts: KindCount[];
  /** False where jobs of other metadata may be among them, which share a list. */
  exact: boolean;
}

/**
 * The same of the jobs alone that also stand in the narrower lists: each looked up where they are
 * few, else by having Redis compare the lists. A list of metadata holds jobs of other pairs too, and
 * its marks tell most of them apart, not all: where few jobs are left, their records do.
 * @returns undefined where that would take too long, or there are no narrower lists
 */
export async function countNarrow(
  redis: Redis,
  lists: readonly ProjectLists[],
  range: CreationRange,
  meantAmong: MeantAmong,
): Promise<NarrowCount | undefined> {
  if (lists.every(({ narrow }) => narrow.length === 0)) return undefined;
  const kinds = lists.flatMap((ofProject) => ofProject.kinds);
  const lengths = await lengthsOf(
    redis,
    lists.flatMap(({ narrow }) => narrow),
  );
  const shortest = lists.map(({ narrow }) =>
    Math.min(...narrow.map((one) => lengthOf(lengths, one))),
  );
  const most = shortest.reduce((sum, length) => sum + length, 0);
  if (most * kinds.length <= MOST_LOOK_UPS) {
    const jobs = await allListed(redis, lists, range);
    if (jobs !== undefined) {
      const isTold = listsTell(lists);
      const ask = !isTold && jobs.length <= MOST_ASKED;
      const meant = ask ? await meantAmong(jobs) : undefined;
      const counts = await countAmong(redis, kinds, meant ?? jobs);
      return { counts, exact: isTold || meant !== undefined };
    }
  }
  // Whole lists alone can be compared.
  if (range.from !== undefined || range.before !== undefined) return undefined;
  return compareLists(redis, lists);
}

/** Whether no job stands in the narrower lists but those that are meant. */
function listsTell(lists: readonly ProjectLists[]): boolean {
  return lists.every(({ narrow }) => narrow.every(({ marks }) => marks === undefined));
}

async function allListed(
  redis: Redis,
  lists: readonly ProjectLists[],
  range: CreationRange,
): Promise<ListedJob[] | undefined> {
  const jobs: ListedJob[] = [];
  const search = findListed(redis, lists, range);
  for (;;) {
    const step = await search.next();
    if (step.done === true) return step.value ? undefined : jobs;
    jobs.push(...step.value.jobs);
  }
}

async function countAmong(
  redis: Redis,
  kinds: readonly KindList[],
  jobs: readonly ListedJob[],
): Promise<KindCount[]> {
  const ids = Map.groupBy(jobs, ({ project }) => project);
  const asked = kinds.filter(({ project }) => ids.has(project));
  const idsOf = ({ project }: KindList): string[] => (ids.get(project) ?? []).map(({ id }) => id);
  const replies: unknown[] = [];
  for (const some of portions(asked, (kind) => idsOf(kind).length)) {
    const pipeline = redis.pipeline();
    for (const kind of some) pipeline.zmscore(kind.key, ...idsOf(kind));
    replies.push(...(await repliesOf(pipeline.exec())));
  }
  return asked.map(({ project, kind }, index) => {
    const scores = z.array(z.string().nullable()).parse(replies[index]);
    return { project, kind, count: scores.filter((score) => score !== null).length };
  });
}

/** Each kind against the narrower lists, one command each: Redis goes through the shorter of them. */
async function compareLists(
  redis: Redis,
  lists: readonly ProjectLists[],
): Promise<NarrowCount | undefined> {
  const asked = lists.flatMap(({ kinds, narrow }) => kinds.map((kind) => ({ kind, narrow })));
  const lengths = await lengthsOf(
    redis,
    asked.map(({ kind }) => kind),
  );
  const compared = asked.reduce((sum, { kind }) => sum + lengthOf(lengths, kind), 0);
  if (compared > MOST_COMPARED) return undefined;
  const replies: unknown[] = [];
  for (const some of portions(asked, ({ kind }) => lengthOf(lengths, kind))) {
    const pipeline = redis.pipeline();
    for (const { kind, narrow } of some) {
      pipeline.zintercard(narrow.length + 1, kind.key, ...narrow.map(({ key }) => key));
    }
    replies.push(...(await repliesOf(pipeline.exec())));
  }
  return {
    counts: asked.map(({ kind: { project, kind } }, index) => ({
      project,
      kind,
      count: Number(replies[index]),
    })),
    exact: listsTell(lists),
  };
}
