import { PRIORITIES } from '@understudy/contracts';
import type { JobRecord, QueueEntry } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { isUnread } from '@understudy/job-store';
import type { UnreadRecord } from '@understudy/job-store';

/**
 * The oldest of each project stand first, so a page at a time is all that must be looked at: what is
 * young of it makes room by being served or by growing old.
 */
const PAGE = 50;
/** Turns of a project in one place that have risen and wait there: the next follow those. */
const RISEN_AT_A_TIME = 4;

/** A turn that waits in a provider's queue. */
export interface WaitingTurn {
  entry: Omit<QueueEntry, 'v'>;
  /** Undefined where it is no longer kept, or cannot be read. */
  record: JobRecord | undefined;
}

interface RisingTurn {
  entry: WaitingTurn['entry'];
  submittedAt: number;
  priority: number;
}

/**
 * Lets jobs that have waited long behind more important ones rise by one priority for each `ageing`
 * time since they were submitted, so that an endless stream of those starves none. A queue without
 * waiting jobs costs ten small reads.
 */
export async function ageQueues({ queue, store, clock, views }: OpenDispatch): Promise<void> {
  const { providers, defaults } = views().settings;
  for (const provider of Object.keys(providers)) {
    const pages = await Promise.all(
      PRIORITIES.map((priority) => queue.first(provider, priority, PAGE)),
    );
    const entries = pages.flat();
    const records = await store.readEach(entries);
    const recordOf = new Map(entries.map((entry, index) => [entry, known(records[index])]));
    const waiting = pages.map((page) =>
      page.map((entry): WaitingTurn => ({ entry, record: recordOf.get(entry) })),
    );
    for (const rising of risingTurns(waiting, clock.now(), defaults.ageingMs)) {
      const { entry, priority, submittedAt } = rising;
      const place = { project: entry.project, priority, submittedAt, comesBack: true };
      await queue.rise(provider, entry, place);
    }
  }
}

/**
 * Which turns rise, and whereto. One rises only past jobs that were submitted as more important than
 * those it stands among: where none are, its priority is being served, and a project with thousands
 * of old jobs would do no more than pass the others that wait there. For the same reason no more
 * than a few of a project rise to one place at a time.
 * @param waiting the first turns of each priority, from 0 on
 */
export function risingTurns(
  waiting: readonly (readonly WaitingTurn[])[],
  now: number,
  ageingMs: number,
): RisingTurn[] {
  const places = waiting.map((turns) => countProjects(turns));
  let mostImportant = Infinity;
  return waiting.flatMap((turns, priority) => {
    const isPassedOver = mostImportant < priority;
    mostImportant = Math.min(mostImportant, ...turns.map(submittedPriority));
    if (!isPassedOver) return [];
    return turns.flatMap(({ entry, record }): RisingTurn[] => {
      const risen = agedPriority(record, now, ageingMs);
      if (record === undefined || risen >= priority) return [];
      const there = places[risen]?.get(entry.project) ?? 0;
      if (there >= RISEN_AT_A_TIME) return [];
      places[risen]?.set(entry.project, there + 1);
      return [{ entry, priority: risen, submittedAt: record.request.created_at }];
    });
  });
}

/** Where a job belongs by now; never lower than it was submitted. */
export function agedPriority(record: JobRecord | undefined, now: number, ageingMs: number): number {
  if (record === undefined) return Infinity;
  const { priority, created_at: createdAt } = record.request;
  return Math.max(0, priority - Math.floor((now - createdAt) / ageingMs));
}

function known(record: JobRecord | UnreadRecord | undefined): JobRecord | undefined {
  return isUnread(record) ? undefined : record;
}

function submittedPriority({ record }: WaitingTurn): number {
  return record?.request.priority ?? Infinity;
}

function countProjects(turns: readonly WaitingTurn[]): Map<string, number> {
  const byProject = Map.groupBy(turns, ({ entry }) => entry.project);
  return new Map([...byProject].map(([project, own]) => [project, own.length]));
}
