import type { JobRecord } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { SHARD_COUNT, indexJobs, readOutbox, trimOutbox } from '@understudy/job-store';

/** Entries of one shard that are relayed at a time. */
const PAGE = 200;
const SHARDS = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);

/**
 * Derives from every shard's outbox what spans shards: the lists of each project. Entries are
 * forgotten only after they were relayed, and relaying twice changes nothing.
 */
export async function relayOutbox({ redis, keyPrefix, store }: OpenDispatch): Promise<void> {
  for (;;) {
    const entries = await readOutbox(redis, keyPrefix, SHARDS, PAGE);
    if (entries.size === 0) return;
    const jobs = new Map(
      [...entries.values()].flat().map(({ project, id }) => [`${project}/${id}`, { project, id }]),
    );
    const records = await store.readRecords([...jobs.values()]);
    for (const [project, known] of byProject(records)) {
      await indexJobs(redis, keyPrefix, project, known);
    }
    const last = new Map(
      [...entries].flatMap(([shard, rows]) => {
        const entryId = rows.at(-1)?.entryId;
        return entryId === undefined ? [] : [[shard, entryId] as const];
      }),
    );
    await trimOutbox(redis, keyPrefix, last);
    if ([...entries.values()].every((rows) => rows.length < PAGE)) return;
  }
}

/** Records that are gone have nothing to list. */
function byProject(records: readonly (JobRecord | undefined)[]): Map<string, JobRecord[]> {
  const grouped = new Map<string, JobRecord[]>();
  for (const record of records) {
    if (record === undefined) continue;
    const { project } = record.request;
    const sameProject = grouped.get(project) ?? [];
    sameProject.push(record);
    grouped.set(project, sameProject);
  }
  return grouped;
}
