import { isTerminal } from '@understudy/contracts';
import { repliesOf } from '@understudy/runtime';
import type { Redis } from '@understudy/runtime';
import type { JobOutline } from './job-outline.ts';
import { isUnfinishedText, kindOf, kindText, parseKind } from './job-kind.ts';
import type { JobKind } from './job-kind.ts';
import { createListChange } from './list-change.ts';
import type { ListChange } from './list-change.ts';
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
  const groups = groupByKind(records);
  const known = new Set([...(await redis.smembers(kindsKey(prefix, project))), ...groups.keys()]);
  const change = createListChange();
  placeByKind(change, prefix, project, groups, known);
  placeByRequest(change, prefix, project, records);
  // One transaction: a job that passes from one list to another is counted once at any time.
  const transaction = redis.multi();
  const lists = change.write(transaction);
  transaction
    .sadd(listsKey(prefix, project), ...lists)
    .sadd(kindsKey(prefix, project), ...groups.keys())
    .publish(listsChannel(prefix), project);
  await repliesOf(transaction.exec());
}

/** Jobs of one kind. */
interface KindGroup {
  kind: JobKind;
  records: JobOutline[];
}

/** By the text of the kind: hundreds of jobs are of a handful of kinds. */
function groupByKind(records: readonly JobOutline[]): Map<string, KindGroup> {
  const groups = new Map<string, KindGroup>();
  for (const record of records) {
    const kind = kindOf(record);
    const text = kindText(kind);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, { kind, records: [record] });
    else group.records.push(record);
  }
  return groups;
}

/**
 * Out of where jobs may have stood before, into the list of their kind. Model and end of a job never
 * change; while it has not ended it may go from provider to provider, and its route may be another
 * after a change of the settings.
 * @param known texts of all kinds that the project has
 */
function placeByKind(
  change: ListChange,
  prefix: string,
  project: string,
  groups: ReadonlyMap<string, KindGroup>,
  known: ReadonlySet<string>,
): void {
  const passing = Map.groupBy([...known].filter(isUnfinishedText), (text) => parseKind(text).model);
  for (const [text, { kind, records }] of groups) {
    const list = kindListKey(prefix, project, text);
    for (const { request } of records) change.add(list, request.created_at, request.id);
    for (const earlier of passing.get(kind.model) ?? []) {
      if (earlier === text) continue;
      const left = kindListKey(prefix, project, earlier);
      for (const { request } of records) change.remove(left, request.id);
    }
  }
}

/** Into the lists that a job stands in from its beginning: some for good, one until its end. */
function placeByRequest(
  change: ListChange,
  prefix: string,
  project: string,
  records: readonly JobOutline[],
): void {
  const unfinished = unfinishedKey(prefix, project);
  const admitted = admittedKey(prefix, project);
  for (const { status, request } of records) {
    const { id, created_at: createdAt, batch, metadata } = request;
    if (isTerminal(status)) change.remove(unfinished, id);
    else change.add(unfinished, createdAt, id);
    change.remove(admitted, id);
    if (batch !== undefined) change.add(batchListKey(prefix, project, batch.id), createdAt, id);
    if (metadata === undefined) continue;
    for (const { key, marks } of metadataLists(prefix, project, metadata)) {
      change.add(key, scoreOf(createdAt, marks), id);
    }
  }
}

/** Every project that has jobs. */
export function readProjects(redis: Redis, prefix: string): Promise<string[]> {
  return redis.smembers(projectsKey(prefix));
}
