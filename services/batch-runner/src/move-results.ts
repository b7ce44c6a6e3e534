import type { BatchRequest } from '@understudy/contracts';
import { jobIdOfLine } from '@understudy/submission';
import type { HeldBatch, RunnerContext } from './runner-context.ts';

/** Lets the jobs of lines that stand in a file know of it, and drops their bytes from Redis. */
export async function moveResults(
  { runs, dispatch }: Pick<RunnerContext, 'runs' | 'dispatch'>,
  { lease }: HeldBatch,
  { project, id }: BatchRequest,
): Promise<void> {
  const moving = await runs.moving(lease.batch);
  const { lineRetentionMs } = dispatch.views().settings.batches;
  for (const [file, lines] of Map.groupBy(moving, (one) => one.file)) {
    const jobs = lines.map(({ line }) => ({ project, id: jobIdOfLine(id, line) }));
    await dispatch.store.moveResults(jobs, file, lineRetentionMs);
  }
  await runs.moved(
    lease.batch,
    moving.map(({ line }) => line),
  );
}
