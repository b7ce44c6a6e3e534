import { isTerminal } from '@understudy/contracts';
import type { WorkerContext } from './worker-context.ts';

/** Hangs up for jobs that ended, or are gone, without this process hearing of it. */
export async function stopEnded({
  dispatch,
  running,
}: Pick<WorkerContext, 'dispatch' | 'running'>): Promise<void> {
  const jobs = running.jobs();
  const statuses = await dispatch.store.readStatuses(jobs);
  for (const [index, job] of jobs.entries()) {
    const status = statuses[index];
    // Of a newer release's record only its token tells whether this start may still settle.
    if (typeof status === 'object') continue;
    if (status === undefined || isTerminal(status)) running.stop(job.id, 'job_ended');
  }
}
