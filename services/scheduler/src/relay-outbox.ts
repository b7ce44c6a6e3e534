import type { OpenDispatch } from '@understudy/dispatch';
import { SHARD_COUNT, indexJobs, trimOutbox } from '@understudy/job-store';
import type { JobOutline, JobReference } from '@understudy/job-store';
import { UntoldError, nameOf, readOutboxPage } from './outbox-page.ts';
import type { OutboxPage } from './outbox-page.ts';
import { relayEvents } from './relay-events.ts';

/**
 * Somebody else who is to hear of what the outboxes hold; hearing it twice must change nothing. Of
 * jobs whose part in it cannot be read now an UntoldError says so.
 */
export type OutboxConsumer = (page: OutboxPage) => Promise<void>;

/** Entries of one shard that are relayed at a time. */
const PAGE = 200;
const SHARDS = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);

/**
 * Derives from every shard's outbox what spans shards: the lists of each project, so that whoever
 * hears of a change finds it in them, then its event stream and what the consumers make of it. These
 * ask Redis side by side: each turn of their own would cost it a write to disk that jobs wait for.
 * Entries are forgotten only after they were relayed, and relaying twice changes nothing.
 * @param relayed called with each page once, when everybody has heard of it and it is forgotten
 */
export async function relayOutbox(
  dispatch: OpenDispatch,
  consumers: readonly OutboxConsumer[] = [],
  relayed: (page: OutboxPage) => void = () => undefined,
): Promise<void> {
  const { redis, keyPrefix } = dispatch;
  const untold = new Set<string>();
  for (;;) {
    const page = await readOutboxPage(dispatch, SHARDS, PAGE, untold);
    if (page.entries.size === 0) return;
    for (const [project, records] of Map.groupBy(page.records, projectOf)) {
      await indexJobs(redis, keyPrefix, project, records);
    }
    const later = await allTold([
      relayEvents(dispatch, page),
      ...consumers.map((consume) => consume(page)),
    ]);
    if (later.length > 0) {
      for (const job of later) untold.add(nameOf(job));
      continue;
    }
    const last = new Map(
      [...page.entries].flatMap(([shard, rows]) => {
        const entryId = rows.at(-1)?.entryId;
        return entryId === undefined ? [] : [[shard, entryId] as const];
      }),
    );
    await trimOutbox(redis, keyPrefix, last);
    relayed(page);
    if ([...page.entries.values()].every((rows) => rows.length < PAGE)) return;
  }
}

/**
 * Waits for all, also where one fails: the next relay must not begin beside what is left of this.
 * @returns jobs of which something could not be told
 * @throws the first failure that is another
 */
async function allTold(work: readonly Promise<void>[]): Promise<JobReference[]> {
  const settled = await Promise.allSettled(work);
  return settled.flatMap((one) => {
    if (one.status === 'fulfilled') return [];
    if (one.reason instanceof UntoldError) return one.reason.jobs;
    throw one.reason;
  });
}

function projectOf({ request }: JobOutline): string {
  return request.project;
}
