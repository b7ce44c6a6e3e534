import type { JobRecord } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';

/** Jobs of some projects that workers hold now: at most the concurrency of all providers together. */
export async function readRunningJobs(
  { queue, store, views }: OpenDispatch,
  projects: readonly string[],
): Promise<JobRecord[]> {
  const providers = Object.keys(views().settings.providers);
  const wanted = new Set(projects);
  const entries = (await Promise.all(providers.map((name) => queue.active(name)))).flat();
  const jobs = new Map(
    entries
      .filter(({ project }) => wanted.has(project))
      .map(({ project, id }) => [`${project}/${id}`, { project, id }]),
  );
  const records = await store.readRecords([...jobs.values()]);
  return records.filter((record) => record?.status === 'in_progress').filter(isThere);
}

function isThere(record: JobRecord | undefined): record is JobRecord {
  return record !== undefined;
}
