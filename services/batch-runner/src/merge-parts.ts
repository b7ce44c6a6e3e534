import type { PartRun, WrittenPart } from '@understudy/batch-store';
import { mergeRuns } from './merge-runs.ts';
import type { HeldBatch, RunnerContext } from './runner-context.ts';
import { writePart } from './write-part.ts';

/** Parts that are open at a time. */
const MERGED_AT_ONCE = 64;

/**
 * Merges the parts of a result file into one in the order of the input, in several passes where
 * there are many. What fails leaves the parts as they are, and nothing beside them: it is tried again,
 * for as long as the place is full.
 * @returns the one part, or none of a file without any
 */
export async function mergeParts(
  context: Pick<RunnerContext, 'bytes'>,
  held: HeldBatch,
  target: Pick<WrittenPart, 'role' | 'file'>,
  committed: readonly PartRun[],
): Promise<PartRun | undefined> {
  const own = new Set<string>();
  let runs = committed;
  try {
    while (runs.length > 1) runs = await mergeOnce(context, held, target, runs, own);
  } catch (error) {
    // Whatever cannot be removed now is swept.
    await context.bytes.remove([...own]).catch(() => undefined);
    throw error;
  }
  return runs[0];
}

/** @param own what was merged before, which belongs to no file; what is merged here joins it */
async function mergeOnce(
  context: Pick<RunnerContext, 'bytes'>,
  held: HeldBatch,
  target: Pick<WrittenPart, 'role' | 'file'>,
  runs: readonly PartRun[],
  own: Set<string>,
): Promise<PartRun[]> {
  const merged: PartRun[] = [];
  for (let start = 0; start < runs.length; start += MERGED_AT_ONCE) {
    const group = runs.slice(start, start + MERGED_AT_ONCE);
    const [only] = group;
    if (group.length === 1 && only !== undefined) {
      merged.push(only);
      continue;
    }
    const part = await writePart(context, held, target, mergeRuns(context.bytes, group));
    own.add(part.key);
    merged.push({ key: part.key, entries: [...part.entries] });
    await context.bytes.remove(group.map(({ key }) => key).filter((key) => own.has(key)));
  }
  return merged;
}
