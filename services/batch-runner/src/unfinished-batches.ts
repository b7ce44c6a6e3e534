import type { BatchRuns, UnfinishedBatch } from '@understudy/batch-store';

/** Batches that are looked at together. */
export const PORTION = 1000;

/** All batches that need a runner, portion by portion, the oldest first; what comes meanwhile, too. */
export async function* unfinishedBatches(
  runs: Pick<BatchRuns, 'unfinished'>,
  portion = PORTION,
): AsyncGenerator<UnfinishedBatch[]> {
  let madeAfter: number | undefined;
  for (;;) {
    const batches = await runs.unfinished(portion, madeAfter);
    yield batches;
    if (batches.length < portion) return;
    madeAfter = batches.at(-1)?.since;
  }
}
