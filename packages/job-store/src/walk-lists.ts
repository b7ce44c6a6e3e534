import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import { z } from 'zod';
import type { JobReference } from './job-keys.ts';
import { parseScore } from './list-keys.ts';

/** Position among jobs, newest first: after this one. */
export interface ListPosition {
  createdAt: number;
  id: string;
}

/** Of instants of creation, in milliseconds since the epoch. */
export interface CreationRange {
  /** Created then or later. */
  from?: number | undefined;
  /** Created earlier. */
  before?: number | undefined;
}

export interface ListedJob extends JobReference {
  createdAt: number;
  /** Of a list of metadata: which pairs put the job there; 0 in other lists. */
  marks: number;
}

/** One sorted set of jobs; of metadata only the members that have all of its marks are meant. */
export interface JobList {
  project: string;
  key: string;
  marks?: number | undefined;
}

export interface ListWalk {
  /** The next jobs of all lists together, newest first; none once the lists are at their end. */
  next(): Promise<ListedJob[]>;
}

interface OpenList extends JobList {
  /** What was read and not handed out. */
  ready: ListedJob[];
  /** Whatever is newer has been read; -Infinity at the end of the list. */
  below: number;
  pageSize: number;
}

const LARGEST_PAGE = 2000;

/**
 * Walks several lists as if they were one, in the order newest first and by id, in pages that grow:
 * as many round trips as the longest list has pages. A job that stands in two lists comes twice.
 * @param pageSize members of each list that are read first
 */
export function walkLists(
  redis: Redis,
  lists: readonly JobList[],
  {
    from,
    before,
    after,
    pageSize,
  }: CreationRange & { after?: ListPosition | undefined; pageSize: number },
): ListWalk {
  const top = Math.min(before ?? Infinity, after === undefined ? Infinity : after.createdAt + 1);
  const bottom = from ?? -Infinity;
  const open: OpenList[] = lists.map((list) => ({ ...list, ready: [], below: top, pageSize }));

  const refill = async (): Promise<void> => {
    const hungry = open.filter(({ ready, below }) => ready.length === 0 && below > bottom);
    const pages = await readPages(redis, hungry, bottom);
    for (const [index, list] of hungry.entries()) await take(list, pages[index] ?? []);
  };

  /** Takes a page in, so that of no millisecond a part is missing: within one, ids are in no order. */
  const take = async (list: OpenList, page: readonly Member[]): Promise<void> => {
    if (page.length < list.pageSize) {
      list.below = -Infinity;
      keep(list, page);
      return;
    }
    const last = Math.floor(page.at(-1)?.score ?? 0);
    const whole = page.filter(({ score }) => score >= last + 1);
    if (whole.length > 0) {
      list.below = last + 1;
      keep(list, whole);
    } else {
      list.below = last;
      keep(list, await readMillisecond(redis, list.key, last));
    }
    list.pageSize = Math.min(LARGEST_PAGE, list.pageSize * 2);
  };

  const keep = ({ project, ready }: OpenList, members: readonly Member[]): void => {
    for (const { id, score } of members) {
      const { createdAt, marks } = parseScore(score);
      if (after !== undefined && createdAt === after.createdAt && id >= after.id) continue;
      ready.push({ project, id, createdAt, marks });
    }
  };

  return {
    next: async () => {
      for (;;) {
        await refill();
        const safe = open.reduce((highest, { below }) => Math.max(highest, below), -Infinity);
        const jobs = open.flatMap(({ ready }) =>
          ready.filter(({ createdAt }) => createdAt >= safe),
        );
        for (const list of open) {
          list.ready = list.ready.filter(({ createdAt }) => createdAt < safe);
        }
        if (jobs.length > 0) return jobs.toSorted(newestFirst);
        if (safe <= bottom) return [];
      }
    },
  };
}

/** The order of lists: by creation, then by id, the highest first. */
export function newestFirst(a: ListPosition, b: ListPosition): number {
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt;
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
}

interface Member {
  id: string;
  score: number;
}

async function readPages(
  redis: Redis,
  lists: readonly OpenList[],
  bottom: number,
): Promise<Member[][]> {
  const pipeline = redis.pipeline();
  for (const { key, below, pageSize } of lists) {
    const from = below === Infinity ? '+inf' : `(${below}`;
    const to = bottom === -Infinity ? '-inf' : String(bottom);
    pipeline.zrange(key, from, to, 'BYSCORE', 'REV', 'LIMIT', 0, pageSize, 'WITHSCORES');
  }
  return (await repliesOf(pipeline.exec())).map(parseMembers);
}

async function readMillisecond(redis: Redis, key: string, at: number): Promise<Member[]> {
  return parseMembers(await redis.zrange(key, at, `(${at + 1}`, 'BYSCORE', 'WITHSCORES'));
}

function parseMembers(reply: unknown): Member[] {
  const texts = z.array(z.string()).parse(reply);
  const members: Member[] = [];
  for (let index = 0; index + 1 < texts.length; index += 2) {
    members.push({ id: texts[index]!, score: Number(texts[index + 1]) });
  }
  return members;
}
