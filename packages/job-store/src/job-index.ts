import { isTerminal } from '@understudy/contracts';
import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { ChainableCommander } from 'ioredis';
import type { JobOutline } from './job-outline.ts';
import { kindOf, kindText, parseKind } from './job-kind.ts';
import type { JobKind } from './job-kind.ts';
import {
  admittedKey,
  batchListKey,
  kindListKey,
  kindsKey,
  listsChannel,
  listsKey,
  metadataLists,
  projectsKey,
  scoreOf,
  unfinishedKey,
} from './list-keys.ts';

/** Jobs that one transaction puts into lists, so that none holds Redis for long. */
const INDEXED_AT_ONCE = 500;

/**
 * Brings a project's lists in line with its records as they are now, and tells on `listsChannel`
 * that they changed. Doing it twice, or in another order, gives the same lists. All keys of a
 * project share a slot.
 */
export async function indexJobs(
  redis: Redis,
  prefix: string,
  project: string,
  records: readonly JobOutline[],
): Promise<void> {
  await redis.sadd(projectsKey(prefix), project);
  for (let start = 0; start < records.length; start += INDEXED_AT_ONCE) {
    await indexSome(redis, prefix, project, records.slice(start, start + INDEXED_AT_ONCE));
  }
}

async function indexSome(
  redis: Redis,
  prefix: string,
  project: string,
  records: readonly JobOutline[],
): Promise<void> {
  const kinds = new Map(records.map((record) => [record, kindOf(record)]));
  const texts = new Set([...kinds.values()].map(kindText));
  const known = new Set([...(await redis.smembers(kindsKey(prefix, project))), ...texts]);
  const change = createListChange();
  for (const [record, kind] of kinds) {
    const { id, created_at: createdAt, batch, metadata } = record.request;
    change.add(kindListKey(prefix, project, kindText(kind)), createdAt, id);
    if (batch !== undefined) change.add(batchListKey(prefix, project, batch.id), createdAt, id);
    for (const { key, marks } of metadataLists(prefix, project, metadata ?? {})) {
      change.add(key, scoreOf(createdAt, marks), id);
    }
    const unfinished = unfinishedKey(prefix, project);
    if (isTerminal(record.status)) change.remove(unfinished, id);
    else change.add(unfinished, createdAt, id);
    change.remove(admittedKey(prefix, project), id);
  }
  for (const [list, id] of earlierPlaces(kinds, known)) {
    change.remove(kindListKey(prefix, project, list), id);
  }
  // One transaction: a job that passes from one list to another is counted once at any time.
  const transaction = redis.multi();
  const lists = change.write(transaction);
  transaction
    .sadd(listsKey(prefix, project), ...lists)
    .sadd(kindsKey(prefix, project), ...texts)
    .publish(listsChannel(prefix), project);
  await repliesOf(transaction.exec());
}

/**
 * Where jobs may have stood before. Model and end of a job never change; while it has not ended it
 * may go from provider to provider, and its route may be another after a change of the settings.
 */
function* earlierPlaces(
  kinds: ReadonlyMap<JobOutline, JobKind>,
  known: ReadonlySet<string>,
): Generator<[kind: string, id: string]> {
  const passing = [...known]
    .map((text) => ({ text, kind: parseKind(text) }))
    .filter(({ kind }) => kind.status === 'unfinished');
  const ofModel = Map.groupBy(passing, ({ kind }) => kind.model);
  for (const [{ request }, kind] of kinds) {
    const now = kindText(kind);
    for (const { text } of ofModel.get(kind.model) ?? []) {
      if (text !== now) yield [text, request.id];
    }
  }
}

interface ListChange {
  add(list: string, score: number, id: string): void;
  remove(list: string, id: string): void;
  /** Adds the commands, one for each list and direction. @returns the lists that grow */
  write(pipeline: ChainableCommander): string[];
}

function createListChange(): ListChange {
  const added = new Map<string, (string | number)[]>();
  const removed = new Map<string, string[]>();
  return {
    add: (list, score, id) => void entryOf(added, list).push(score, id),
    remove: (list, id) => void entryOf(removed, list).push(id),
    write: (pipeline) => {
      for (const [list, ids] of removed) pipeline.zrem(list, ...ids);
      for (const [list, members] of added) pipeline.zadd(list, ...members);
      return [...added.keys()];
    },
  };
}

function entryOf<Item>(map: Map<string, Item[]>, name: string): Item[] {
  const known = map.get(name);
  if (known !== undefined) return known;
  const fresh: Item[] = [];
  map.set(name, fresh);
  return fresh;
}

/** Every project that has jobs. */
export function readProjects(redis: Redis, prefix: string): Promise<string[]> {
  return redis.smembers(projectsKey(prefix));
}
