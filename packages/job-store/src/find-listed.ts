import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { z } from 'zod';
import { parseScore } from './list-keys.ts';
import { portions } from './portions.ts';
import { lengthOf, lengthsOf } from './project-lists.ts';
import type { ProjectLists } from './project-lists.ts';
import { walkLists } from './walk-lists.ts';
import type { CreationRange, ListPosition, ListedJob, JobList } from './walk-lists.ts';

/** Names that are read or looked up before a search says where it has come to. */
const MOST_LOOKED_AT = 30_000;
const FIRST_PAGE = 50;
const FIRST_TESTED_PAGE = 500;

/**
 * Jobs that stand in the lists of a filter, newest first, page by page. It walks the shortest lists
 * and asks the others of each page at once, so no job that does not fit costs more than its name.
 * Each page says where it has come to, also one in which no job was left. Ends after a bounded
 * amount of looking.
 * @returns whether the lists may hold more
 */
export async function* findListed(
  redis: Redis,
  lists: readonly ProjectLists[],
  { from, before, after }: CreationRange & { after?: ListPosition | undefined },
): AsyncGenerator<ListedPage, boolean> {
  const { walked, marks, tests } = await planSearch(redis, lists);
  const pageSize = tests.size + marks.size === 0 ? FIRST_PAGE : FIRST_TESTED_PAGE;
  const walk = walkLists(redis, walked, { from, before, after, pageSize });
  const most = Math.max(0, ...[...tests.values()].map((ofProject) => ofProject.flat().length));
  for (let lookedAt = 0; lookedAt < MOST_LOOKED_AT;) {
    const jobs = await walk.next();
    const reached = jobs.at(-1);
    if (reached === undefined) return false;
    const meant = jobs.filter((job) => isMarked(job.marks, marks.get(job.project)));
    yield { jobs: await standingIn(redis, tests, meant), reached };
    lookedAt += jobs.length * (1 + most);
  }
  return true;
}

export interface ListedPage {
  jobs: ListedJob[];
  /** Whatever is newer was looked at. */
  reached: ListPosition;
}

/** Lists of which a job must stand in at least one; all of the same project. */
type Test = readonly JobList[];

interface SearchPlan {
  walked: JobList[];
  /** What the walked list itself must say of the jobs of a project. */
  marks: Map<string, number>;
  /** What the jobs of a project must pass beside. */
  tests: Map<string, Test[]>;
}

/** Of each project whichever is shorter: the lists of the kinds together, or a narrower one. */
async function planSearch(redis: Redis, lists: readonly ProjectLists[]): Promise<SearchPlan> {
  const tests = new Map<string, Test[]>();
  const plan: SearchPlan = { walked: [], marks: new Map(), tests };
  const narrowed = lists.filter(({ narrow }) => narrow.length > 0);
  const lengths = await lengthsOf(
    redis,
    narrowed.flatMap(({ kinds, narrow }) => [...kinds, ...narrow]),
  );
  for (const { project, kinds, isAnyKind, narrow } of lists) {
    const shortest = narrow.toSorted((a, b) => lengthOf(lengths, a) - lengthOf(lengths, b))[0];
    const ofKinds = kinds.reduce((sum, list) => sum + lengthOf(lengths, list), 0);
    if (shortest === undefined || ofKinds < lengthOf(lengths, shortest)) {
      plan.walked.push(...kinds);
      if (narrow.length > 0)
        tests.set(
          project,
          narrow.map((list) => [list]),
        );
      continue;
    }
    plan.walked.push(shortest);
    // A list of metadata holds other pairs too: what it says itself is asked first.
    const others: Test[] = narrow.filter((list) => list !== shortest).map((list) => [list]);
    if (shortest.marks !== undefined) plan.marks.set(project, shortest.marks);
    if (!isAnyKind) others.push(kinds);
    if (others.length > 0) tests.set(project, others);
  }
  return plan;
}

/** Those of a page that pass every test of their project; a round trip for each test, and for many lists. */
async function standingIn(
  redis: Redis,
  tests: ReadonlyMap<string, readonly Test[]>,
  jobs: readonly ListedJob[],
): Promise<ListedJob[]> {
  if (tests.size === 0) return [...jobs];
  const passed = new Set<ListedJob>();
  for (const [project, ofProject] of Map.groupBy(jobs, (job) => job.project)) {
    let left = ofProject;
    for (const test of tests.get(project) ?? []) left = await passing(redis, test, left);
    for (const job of left) passed.add(job);
  }
  return jobs.filter((job) => passed.has(job));
}

async function passing(redis: Redis, test: Test, jobs: readonly ListedJob[]): Promise<ListedJob[]> {
  if (jobs.length === 0) return [];
  const ids = jobs.map(({ id }) => id);
  const replies: unknown[] = [];
  for (const lists of portions(test, () => ids.length)) {
    const pipeline = redis.pipeline();
    for (const { key } of lists) pipeline.zmscore(key, ...ids);
    replies.push(...(await repliesOf(pipeline.exec())));
  }
  const scores = replies.map((reply) => z.array(z.string().nullable()).parse(reply));
  return jobs.filter((_, index) =>
    test.some((list, place) => isMember(list, scores[place]?.[index] ?? null)),
  );
}

function isMember({ marks }: JobList, score: string | null): boolean {
  return score !== null && isMarked(parseScore(Number(score)).marks, marks);
}

function isMarked(marks: number, wanted = 0): boolean {
  return (marks & wanted) === wanted;
}
