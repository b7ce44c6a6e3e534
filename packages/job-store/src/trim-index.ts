import { TERMINAL_STATUSES } from '@understudy/contracts';
import { loadScript, repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { z } from 'zod';
import { readProjects } from './job-index.ts';
import { jobKeys } from './job-keys.ts';
import { parseKind } from './job-kind.ts';
import { keptJobs } from './kept-jobs.ts';
import { kindListKey, kindsKey, listsKey } from './list-keys.ts';
import type { JobList } from './walk-lists.ts';

const forgetScript = loadScript(new URL('./scripts/forget-empty-lists.lua', import.meta.url));
/** Names that one script looks at. */
const FORGOTTEN_AT_ONCE = 500;

/** Jobs of a list whose records are looked for together. */
const LOOKED_FOR_AT_ONCE = 2000;

/**
 * Drops from every list of every project the jobs created before `before` that are kept no more. How
 * long one lives was its caller's to say, and a line's answer waits for its file: so age alone tells of
 * none that it is gone. Each list costs one command, and each of its old jobs a share of a few more.
 */
export async function trimIndex(redis: Redis, prefix: string, before: number): Promise<void> {
  for (const project of await readProjects(redis, prefix)) {
    const lists = await redis.smembers(listsKey(prefix, project));
    const pipeline = redis.pipeline();
    for (const list of lists) pipeline.zcount(list, '-inf', `(${before}`);
    const old = await repliesOf(pipeline.exec());
    for (const [index, list] of lists.entries()) {
      await dropGone(redis, prefix, { project, key: list }, Number(old[index]));
    }
    await forgetEmpty(redis, prefix, project, lists);
  }
}

/** Looks at the `old` oldest jobs of a list, and drops those that have no record. */
async function dropGone(
  redis: Redis,
  prefix: string,
  { project, key }: JobList,
  old: number,
): Promise<void> {
  let stay = 0;
  for (let lookedAt = 0; lookedAt < old; lookedAt += LOOKED_FOR_AT_ONCE) {
    const count = Math.min(LOOKED_FOR_AT_ONCE, old - lookedAt);
    // By rank: those that were dropped have moved the others down, past those that stay.
    const ids = await redis.zrange(key, String(stay), String(stay + count - 1));
    const jobs = ids.map((id) => ({ project, id }));
    const kept = new Set((await keptJobs(redis, prefix, jobs)).map(({ id }) => id));
    const gone = ids.filter((id) => !kept.has(id));
    if (gone.length > 0) await redis.zrem(key, ...gone);
    stay += ids.length - gone.length;
  }
}

/** Every batch and every kind has a list of its own: names not forgotten would stay for ever. */
async function forgetEmpty(
  redis: Redis,
  prefix: string,
  project: string,
  lists: readonly string[],
): Promise<void> {
  const kinds = await redis.smembers(kindsKey(prefix, project));
  const kindByList = new Map(kinds.map((kind) => [kindListKey(prefix, project, kind), kind]));
  const pipeline = redis.pipeline();
  for (const list of lists) pipeline.exists(list);
  const exists = await repliesOf(pipeline.exec());
  const empty = lists.filter((_, index) => exists[index] === 0);
  for (let start = 0; start < empty.length; start += FORGOTTEN_AT_ONCE) {
    const some = empty.slice(start, start + FORGOTTEN_AT_ONCE);
    await forgetScript.run(
      redis,
      [listsKey(prefix, project), kindsKey(prefix, project), ...some],
      some.map((list) => kindByList.get(list) ?? ''),
    );
  }
}

/**
 * Drops the jobs of a project that ended first, `count` of each way to end at most: records, bodies
 * and results, and their places in the lists. What remembers their idempotency keys stays.
 * @returns how many were dropped
 */
export async function dropOldestFinished(
  redis: Redis,
  prefix: string,
  project: string,
  count: number,
): Promise<number> {
  const kinds = await redis.smembers(kindsKey(prefix, project));
  const ids = new Set<string>();
  for (const status of TERMINAL_STATUSES) {
    const lists = kinds
      .filter((kind) => parseKind(kind).status === status)
      .map((kind) => kindListKey(prefix, project, kind));
    for (const id of await droppableJobs(redis, prefix, project, lists, count)) ids.add(id);
  }
  if (ids.size === 0) return 0;
  const pipeline = redis.pipeline();
  for (const id of ids) {
    const { record, request, attempts, result } = jobKeys(prefix, { project, id });
    pipeline.unlink(record, request, attempts, result);
  }
  const lists = await redis.smembers(listsKey(prefix, project));
  for (const list of lists) pipeline.zrem(list, ...ids);
  await repliesOf(pipeline.exec());
  return ids.size;
}

/** So many times what is wanted is looked at, where lines of batches stand in the way. */
const LOOKED_AT_FACTOR = 10;

/** The first of some lists together, without lines of batches whose answers are in no file yet. */
async function droppableJobs(
  redis: Redis,
  prefix: string,
  project: string,
  lists: readonly string[],
  count: number,
): Promise<string[]> {
  const found: { id: string; createdAt: number }[] = [];
  let open = lists;
  for (let page = 0; page < LOOKED_AT_FACTOR && open.length > 0; page += 1) {
    const pages = await oldestOf(redis, open, page * count, count);
    const jobs = pages.flat();
    const pipeline = redis.pipeline();
    for (const { id } of jobs) {
      pipeline.hmget(jobKeys(prefix, { project, id }).record, 'line', 'file');
    }
    const replies = await repliesOf(pipeline.exec());
    found.push(...jobs.filter((_, index) => isDroppable(replies[index])));
    if (found.length >= count) break;
    open = open.filter((_, index) => pages[index]?.length === count);
  }
  return found
    .toSorted((a, b) => a.createdAt - b.createdAt)
    .slice(0, count)
    .map(({ id }) => id);
}

/** A page of each list, the oldest first. */
async function oldestOf(
  redis: Redis,
  lists: readonly string[],
  start: number,
  count: number,
): Promise<{ id: string; createdAt: number }[][]> {
  const pipeline = redis.pipeline();
  for (const list of lists) {
    pipeline.zrange(list, String(start), String(start + count - 1), 'WITHSCORES');
  }
  return (await repliesOf(pipeline.exec())).map((reply) => {
    const texts = z.array(z.string()).parse(reply);
    return texts.flatMap((id, index) =>
      index % 2 === 0 ? [{ id, createdAt: Number(texts[index + 1]) }] : [],
    );
  });
}

function isDroppable(reply: unknown): boolean {
  const [line, file] = z.tuple([z.string().nullable(), z.string().nullable()]).parse(reply);
  return line === null || file !== null;
}
