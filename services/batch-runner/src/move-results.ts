import type { BatchRequest } from '@understudy/contracts';
import { jobIdOfLine } from '@understudy/submission';
import { inParallel } from './in-parallel.ts';
import type { HeldBatch, RunnerContext } from './runner-context.ts';

const MOVED_AT_ONCE = 1000;

/** Lets the jobs of lines that stand in a file know of it, and drops their bytes from Redis. */
export async function moveResults(
  { runs, dispatch }: Pick<RunnerContext, 'runs' | 'dispatch'>,
  { lease }: HeldBatch,
  { project, id }: BatchRequest,
): Promise<void> {
  const moving = await runs.moving(lease.batch);
  const { lineRetentionMs } = dispatch.views().settings.batches;
  await inParallel(moving, MOVED_AT_ONCE, ({ line, file }) =>
    dispatch.store.moveResult({ project, id: jobIdOfLine(id, line) }, file, lineRetentionMs),
  );
  await runs.moved(
    lease,
    moving.map(({ line }) => line),
  );
}
