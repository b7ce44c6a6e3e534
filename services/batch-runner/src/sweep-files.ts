import type { BatchReference } from '@understudy/batch-store';
import { outputFileId } from './output-file.ts';
import type { RunnerContext } from './runner-context.ts';
import { unfinishedBatches } from './unfinished-batches.ts';

/** Files that a batch needs past its time stay for so long after each sweep; the next one comes sooner. */
const PUT_OFF_MS = 3_600_000;

/**
 * Removes what has expired, but nothing of a batch that has not ended: whatever holds it up past its
 * time, be it a key that is missing or that no runner was there, what was answered of it is kept, and so
 * is its input, of which lines may still be told. Of a batch that is gone nothing is kept.
 */
export async function sweepFiles({
  runs,
  files,
  dispatch,
}: Pick<RunnerContext, 'runs' | 'files' | 'dispatch'>): Promise<void> {
  // The same moment for both: no file of a batch whose time is not over then has expired by then.
  const now = dispatch.clock.now();
  for await (const portion of unfinishedBatches(runs)) {
    const overdue = await runs.overdue(
      portion.map(({ batch }) => batch),
      now,
    );
    await files.putOff(overdue.flatMap(filesOf), now + PUT_OFF_MS);
  }
  await files.sweep(now);
}

function filesOf({ batch, input }: { batch: BatchReference; input?: string }) {
  const ids = [
    outputFileId(batch, 'out'),
    outputFileId(batch, 'err'),
    ...(input === undefined ? [] : [input]),
  ];
  return ids.map((id) => ({ project: batch.project, id }));
}
