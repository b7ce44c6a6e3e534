import type { PartRun, RunningBatch, WrittenPart } from '@understudy/batch-store';
import { mergeParts } from './merge-parts.ts';
import type { HeldBatch, RunnerContext } from './runner-context.ts';

/** Puts the result files of a batch in the order of its input; from then on they grow no more. */
export async function completeFiles(
  context: RunnerContext,
  held: HeldBatch,
  { record: { request, outputFileId, errorFileId } }: RunningBatch,
): Promise<void> {
  const { output_life_ms: lifeMs } = request;
  if (outputFileId !== undefined) await completeFile(context, held, 'out', outputFileId, lifeMs);
  if (errorFileId !== undefined) await completeFile(context, held, 'err', errorFileId, lifeMs);
}

async function completeFile(
  context: RunnerContext,
  held: HeldBatch,
  role: WrittenPart['role'],
  file: string,
  lifeMs: number,
): Promise<void> {
  const { files, runs, dispatch } = context;
  const { batch } = held.lease;
  const stored = await files.read(batch.project, file);
  // Its owner removed it; or a runner that was cut off had completed it already.
  if (stored === undefined || stored.complete) return;
  const merged = await mergeParts(context, held, { role, file }, await runs.runs(batch, file));
  const expiresAt = dispatch.clock.now() + lifeMs;
  await runs.completeOutput(held.lease, {
    file,
    record: { ...stored.record, expires_at: expiresAt },
    expiresAt,
    parts: merged === undefined ? [] : [{ key: merged.key, bytes: lengthOf(merged) }],
  });
}

function lengthOf({ entries }: PartRun): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}
