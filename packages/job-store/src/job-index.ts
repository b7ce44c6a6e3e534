import type { JobEnd, JobRecord, JobStatus } from '@understudy/contracts';
import { TERMINAL_STATUSES, isTerminal } from '@understudy/contracts';
import { repliesOf } from '@understudy/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { jobKeys } from './job-keys.ts';
import type { JobReference } from './job-keys.ts';

/** Which list of a project's jobs; `unfinished` holds queued and in_progress. */
export interface IndexName {
  facet: 'all' | 'status' | 'model' | 'provider' | 'batch';
  value?: string;
}

/** Position in a list, newest first: after this job. */
export interface ListPosition {
  createdAt: number;
  id: string;
}

function indexKey(prefix: string, project: string, { facet, value }: IndexName): string {
  const base = `${prefix}:{p:${project}}:jobs:${facet}`;
  return value === undefined ? base : `${base}:${value}`;
}

/** Names every list of a project, so that trimming needs no scan. */
export function listsKey(prefix: string, project: string): string {
  return `${prefix}:{p:${project}}:lists`;
}

/** Sorted set: jobs of a project that have not ended, as far as was heard. */
export function unfinishedKey(prefix: string, project: string): string {
  return indexKey(prefix, project, { facet: 'status', value: 'unfinished' });
}

/** Sorted set: jobs of a project that were given a place and stand in no list yet. */
export function admittedKey(prefix: string, project: string): string {
  return `${prefix}:{p:${project}}:limits:admitted`;
}

function projectsKey(prefix: string): string {
  return `${prefix}:{projects}:names`;
}

/** The list a job stands in by its status. */
function statusList(status: JobStatus): string {
  return isTerminal(status) ? status : 'unfinished';
}

/** The provider that gave the result or the deciding error. */
function decidingProvider(end: JobEnd | undefined): string | undefined {
  return end?.result?.provider ?? end?.error?.provider;
}

/**
 * Brings a project's lists in line with its records as they are now. Doing it twice, or in another
 * order, gives the same lists. All keys of a project share a slot.
 */
export async function indexJobs(
  redis: Redis,
  prefix: string,
  project: string,
  records: readonly JobRecord[],
): Promise<void> {
  await redis.sadd(projectsKey(prefix), project);
  if (records.length === 0) return;
  // One transaction: a job that passes from the admitted to a list is counted once at any time.
  const pipeline = redis.multi();
  const lists = new Set<string>();
  for (const { request, status, end } of records) {
    const { id, created_at: createdAt, model, batch } = request;
    const add = (name: IndexName): void => {
      const list = indexKey(prefix, project, name);
      lists.add(list);
      pipeline.zadd(list, createdAt, id);
    };
    add({ facet: 'all' });
    add({ facet: 'model', value: model });
    add({ facet: 'status', value: statusList(status) });
    if (batch !== undefined) add({ facet: 'batch', value: batch.id });
    if (isTerminal(status)) {
      pipeline.zrem(unfinishedKey(prefix, project), id);
      const provider = decidingProvider(end);
      if (provider !== undefined) add({ facet: 'provider', value: provider });
    }
  }
  pipeline.zrem(admittedKey(prefix, project), ...records.map(({ request }) => request.id));
  pipeline.sadd(listsKey(prefix, project), ...lists);
  await repliesOf(pipeline.exec());
}

/** Ids of one list after a position, newest first. May name jobs that have expired since. */
export async function listIndex(
  redis: Redis,
  prefix: string,
  project: string,
  name: IndexName,
  after: ListPosition | undefined,
  limit: number,
): Promise<(JobReference & { createdAt: number })[]> {
  const key = indexKey(prefix, project, name);
  // Members of equal score come in reverse lexical order; those up to the position are passed over.
  const from = after === undefined ? '+inf' : String(after.createdAt);
  const ties = after === undefined ? 0 : await redis.zcount(key, from, from);
  const reply = await redis.zrange(
    key,
    from,
    '-inf',
    'BYSCORE',
    'REV',
    'LIMIT',
    0,
    limit + ties,
    'WITHSCORES',
  );
  const rows = [];
  for (let index = 0; index < reply.length; index += 2) {
    const id = reply[index]!;
    const createdAt = Number(reply[index + 1]);
    if (after !== undefined && createdAt === after.createdAt && id >= after.id) continue;
    rows.push({ project, id, createdAt });
  }
  return rows.slice(0, limit);
}

/** Drops what was created before `before` from every list of every project. */
export async function trimIndex(redis: Redis, prefix: string, before: number): Promise<void> {
  for (const project of await readProjects(redis, prefix)) {
    const lists = await redis.smembers(listsKey(prefix, project));
    const pipeline = redis.pipeline();
    for (const list of lists) pipeline.zremrangebyscore(list, '-inf', `(${before}`);
    await repliesOf(pipeline.exec());
    await forgetEmptyBatches(redis, prefix, project, lists);
  }
}

/** Every batch has a list of its own: what is not forgotten would stay for ever. */
async function forgetEmptyBatches(
  redis: Redis,
  prefix: string,
  project: string,
  lists: readonly string[],
): Promise<void> {
  const start = indexKey(prefix, project, { facet: 'batch', value: '' });
  const ofBatches = lists.filter((list) => list.startsWith(start));
  const pipeline = redis.pipeline();
  for (const list of ofBatches) pipeline.exists(list);
  const exists = await repliesOf(pipeline.exec());
  const empty = ofBatches.filter((_, index) => exists[index] === 0);
  if (empty.length > 0) await redis.srem(listsKey(prefix, project), ...empty);
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
  const lists = await redis.smembers(listsKey(prefix, project));
  const ids = new Set<string>();
  for (const status of TERMINAL_STATUSES) {
    const list = indexKey(prefix, project, { facet: 'status', value: status });
    for (const id of await droppableJobs(redis, prefix, project, list, count)) ids.add(id);
  }
  if (ids.size === 0) return 0;
  const pipeline = redis.pipeline();
  for (const id of ids) {
    const { record, request, attempts, result } = jobKeys(prefix, { project, id });
    pipeline.unlink(record, request, attempts, result);
  }
  for (const list of lists) pipeline.zrem(list, ...ids);
  await repliesOf(pipeline.exec());
  return ids.size;
}

/** So many times what is wanted is looked at, where lines of batches stand in the way. */
const LOOKED_AT_FACTOR = 10;

/** The first of a list, without the lines of batches whose answers are in no file yet. */
async function droppableJobs(
  redis: Redis,
  prefix: string,
  project: string,
  list: string,
  count: number,
): Promise<string[]> {
  const found: string[] = [];
  for (let page = 0; page < LOOKED_AT_FACTOR && found.length < count; page += 1) {
    const ids = await redis.zrange(list, String(page * count), String((page + 1) * count - 1));
    const pipeline = redis.pipeline();
    for (const id of ids) pipeline.hmget(jobKeys(prefix, { project, id }).record, 'line', 'file');
    const replies = await repliesOf(pipeline.exec());
    found.push(...ids.filter((_, index) => isDroppable(replies[index])));
    if (ids.length < count) break;
  }
  return found.slice(0, count);
}

function isDroppable(reply: unknown): boolean {
  const [line, file] = z.tuple([z.string().nullable(), z.string().nullable()]).parse(reply);
  return line === null || file !== null;
}

/** Every project that has jobs. */
export function readProjects(redis: Redis, prefix: string): Promise<string[]> {
  return redis.smembers(projectsKey(prefix));
}
