import type { BatchReference, WrittenPart } from '@understudy/batch-store';
import type { BatchRecord, BatchRequest } from '@understudy/contracts';
import { idOfKey } from '@understudy/submission';
import type { RunnerContext } from './runner-context.ts';

type Role = WrittenPart['role'];

const NAMES: Readonly<Record<Role, string>> = { out: 'output', err: 'error' };

/** The same id always, so that a runner which goes on writes the same file. */
export function outputFileId({ project, id }: BatchReference, role: Role): string {
  return idOfKey('file-', project, `${id}/${NAMES[role]}`);
}

/**
 * Makes sure that a result file is there, unless it was: one that the batch has written to and that
 * is not there was removed by its owner, and stays so. @returns its id
 */
export async function openOutputFile(
  { files, dispatch }: Pick<RunnerContext, 'files' | 'dispatch'>,
  { request, ...record }: Pick<BatchRecord, 'request' | 'outputFileId' | 'errorFileId'>,
  role: Role,
): Promise<string> {
  const known = role === 'out' ? record.outputFileId : record.errorFileId;
  if (known !== undefined) return known;
  const id = outputFileId(request, role);
  await files.openOutput(request.project, {
    id,
    purpose: 'batch_output',
    filename: `${request.id}_${NAMES[role]}.jsonl`,
    // Until it is complete, or a sweep finds it growing. One that is under way may not know of it.
    expiresAt: Math.max(request.expires_at, dispatch.clock.now()) + request.output_life_ms,
    batch: request.id,
    ...(request.key === undefined ? {} : { key: request.key }),
  });
  return id;
}

/**
 * Removes a part that was written for a file whose owner has removed it: nothing names it. A removal
 * that comes later takes the part along.
 */
export async function dropIfRemoved(
  { files, bytes }: Pick<RunnerContext, 'files' | 'bytes'>,
  { project }: BatchRequest,
  { file, key }: WrittenPart,
): Promise<void> {
  if ((await files.read(project, file)) === undefined) await bytes.remove([key]);
}
