import type { OpenDispatch } from '@understudy/dispatch';
import { noteWays, readProjects, readWays, walkLists } from '@understudy/job-store';
import type { ProjectWays, UnfinishedModel } from '@understudy/job-store';
import { waysOf } from '@understudy/routing';
import { isTakenOut } from './taken-out.ts';

type ModelList = UnfinishedModel['lists'][number];

/** Projects that are asked about in one round trip. */
const PROJECTS_AT_ONCE = 200;
/** Jobs of each list that are hastened first; later pages are larger. */
const FIRST_PAGE = 500;

/**
 * Notices routes that lead elsewhere than before, as an operator adds a target in an outage, or a
 * provider comes that knows the model, and has the jobs that wait for a way looked at now: else each
 * would be only when its own next look comes, up to an hour later. Those that begin to wait later
 * have their first look soon anyway. What was noted outlives the scheduler, so a change beside a
 * restart is noticed too; it is noted after the jobs were hastened, so a crash between repeats that.
 * Jobs in the queue of a provider that was taken out are looked at as well, once by each process: it
 * reads providers at its start alone.
 */
export function createWayFinder(dispatch: OpenDispatch): () => Promise<void> {
  const { redis, keyPrefix } = dispatch;
  /** Lists of providers that are none any more, as of the last look: their jobs were hastened. */
  let left: ReadonlySet<string> = new Set();
  return async () => {
    const found = new Set<string>();
    const projects = await readProjects(redis, keyPrefix);
    for (let start = 0; start < projects.length; start += PROJECTS_AT_ONCE) {
      const some = projects.slice(start, start + PROJECTS_AT_ONCE);
      for (const known of await readWays(redis, keyPrefix, some)) {
        const lost = await lostLists(dispatch, known.models);
        await hastenLost(
          dispatch,
          known.project,
          lost.filter(({ key }) => !left.has(key)),
        );
        await compare(dispatch, known);
        for (const { key } of lost) found.add(key);
      }
    }
    left = found;
  };
}

/** Of jobs that stand in the queue of a provider which is none any more. */
async function lostLists(
  dispatch: OpenDispatch,
  models: readonly UnfinishedModel[],
): Promise<ModelList[]> {
  const lost: ModelList[] = [];
  for (const { model, lists } of models) {
    for (const list of lists) {
      if (list.provider === '') continue;
      if (await isTakenOut(dispatch, list.provider, model)) lost.push(list);
    }
  }
  return lost;
}

async function hastenLost(
  dispatch: OpenDispatch,
  project: string,
  lists: readonly ModelList[],
): Promise<void> {
  if (lists.length === 0) return;
  const jobs = await hasten(dispatch, lists);
  const provider = [...new Set(lists.map((list) => list.provider))].join(', ');
  dispatch.logger.info(
    { project, provider, jobs },
    'a provider is none any more: jobs in its queue are looked at now',
  );
}

async function compare(
  dispatch: OpenDispatch,
  { project, models, forgotten }: ProjectWays,
): Promise<void> {
  const { redis, keyPrefix, clock, logger } = dispatch;
  const views = dispatch.views();
  const found = models.map((one) => ({
    ...one,
    ways: waysOf(one.model, views, clock.now()),
  }));
  const other = found.filter(({ ways, noted }) => ways !== noted);
  // One without a note was first asked for since the last look.
  const changed = other.filter(({ noted }) => noted !== undefined);
  if (changed.length > 0) {
    const waiting = changed.flatMap(({ lists }) => lists.filter(({ provider }) => provider === ''));
    const jobs = await hasten(dispatch, [...waiting, ...(await lostLists(dispatch, changed))]);
    const model = changed.map((one) => one.model).join(', ');
    logger.info({ project, model, jobs }, 'a route has changed: jobs that wait are looked at now');
  }
  if (other.length === 0 && forgotten.length === 0) return;
  const ways = new Map(other.map((one) => [one.model, one.ways]));
  await noteWays(redis, keyPrefix, project, ways, forgotten);
}

/** @returns how many jobs stand in the lists; each is looked at now */
async function hasten(
  { redis, store, clock }: OpenDispatch,
  lists: readonly ModelList[],
): Promise<number> {
  const walk = walkLists(redis, lists, { pageSize: FIRST_PAGE });
  const now = clock.now();
  let count = 0;
  for (;;) {
    const jobs = await walk.next();
    if (jobs.length === 0) return count;
    await store.hasten(jobs, now);
    count += jobs.length;
  }
}
