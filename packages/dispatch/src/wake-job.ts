import type { JobReference, StoredHead } from '@understudy/job-store';
import type { DispatchContext } from './dispatch-context.ts';
import { moveJob } from './move-job.ts';

/**
 * Lets a waiting job look for a target again. Safe to call from several places at once: the turn
 * guards it, and only the first one moves the job.
 * @returns true when the job moved; false when it no longer waits
 */
export async function wakeJob(context: DispatchContext, job: JobReference): Promise<boolean> {
  const stored = await context.store.read(job);
  if (stored === undefined) return false;
  const { record, attempts } = stored;
  return wakeRead(context, { record, attempts: attempts.length });
}

/** The same with a job that was read just now. */
export async function wakeRead(
  context: DispatchContext,
  { record, attempts }: StoredHead,
): Promise<boolean> {
  const { place } = record.progress;
  if (record.status !== 'queued' || place.kind !== 'waiting') return false;
  const moved = await moveJob(
    context,
    {
      request: record.request,
      progress: record.progress,
      turn: record.turn,
      attemptsStored: attempts,
      attemptsMade: [],
    },
    { turn: record.turn },
  );
  return moved.ok;
}
