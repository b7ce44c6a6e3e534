import { isTerminal } from '@understudy/contracts';
import type { Attempt } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import {
  appendEvents,
  attemptEvent,
  changedAt,
  isFailedAttempt,
  isUnreadable,
  statusEvent,
} from '@understudy/job-store';
import type { OutboxEntry, PublicEvent } from '@understudy/job-store';
import { UntoldError, isBatchLine, tellsSomething } from './outbox-page.ts';
import type { OutboxPage } from './outbox-page.ts';

/**
 * Appends to the event stream of each project what its jobs came to: how they ended, and which of
 * their attempts failed. Doing it twice appends nothing twice.
 * @throws UntoldError where an attempt cannot be read: then nothing is appended
 */
export async function relayEvents(
  { redis, keyPrefix, store }: OpenDispatch,
  page: OutboxPage,
): Promise<void> {
  const told: { shard: number; entry: OutboxEntry }[] = [];
  for (const [shard, entries] of page.entries) {
    for (const entry of entries) {
      if (tellsSomething(entry) && !isBatchLine(page.recordOf(entry))) told.push({ shard, entry });
    }
  }
  const attempts = await readFailed(
    store,
    told.map(({ entry }) => entry),
  );
  for (const [project, ofProject] of Map.groupBy(told, ({ entry }) => entry.project)) {
    const relayed = ofProject.map(({ shard, entry }) => ({
      shard,
      entryId: entry.entryId,
      events: eventsOf(entry, page, attempts.get(entry) ?? []),
    }));
    await appendEvents(redis, keyPrefix, project, relayed);
  }
}

async function readFailed(
  store: OpenDispatch['store'],
  entries: readonly OutboxEntry[],
): Promise<Map<OutboxEntry, Attempt[]>> {
  const wanted = entries.flatMap((entry) =>
    entry.failedAttempts.map((number) => ({ entry, number })),
  );
  const references = wanted.map(({ entry: { project, id }, number }) => ({ project, id, number }));
  const found = await store.readAttempts(references);
  const untold = references.filter((_, index) => isUnreadable(found[index]));
  if (untold.length > 0) throw new UntoldError(untold);
  const failed = new Map<OutboxEntry, Attempt[]>();
  for (const [index, { entry }] of wanted.entries()) {
    const attempt = found[index];
    // A late answer may have made a success of an interrupted one since.
    if (attempt === undefined || isUnreadable(attempt) || !isFailedAttempt(attempt)) continue;
    failed.set(entry, [...(failed.get(entry) ?? []), attempt]);
  }
  return failed;
}

function eventsOf(
  entry: OutboxEntry,
  { recordOf }: OutboxPage,
  attempts: readonly Attempt[],
): PublicEvent[] {
  const { id, version, status } = entry;
  const record = recordOf(entry);
  const failures =
    record === undefined ? [] : attempts.map((attempt) => attemptEvent(id, attempt, record));
  if (!isTerminal(status)) return failures;
  // As the record has it, so that every road tells the same instant.
  const at = record?.completedAt ?? changedAt(entry);
  return [...failures, statusEvent({ id, version, status, at }, record)];
}
