import type { WrittenPart } from '@understudy/batch-store';
import type { BatchRecord, BatchRequest } from '@understudy/contracts';
import { idOfKey } from '@understudy/submission';
import type { RunnerContext } from './runner-context.ts';

type Role = WrittenPart['role'];

const NAMES: Readonly<Record<Role, string>> = { out: 'output', err: 'error' };

/** The same id always, so that a runner which goes on writes the same file. */
function outputFileId({ project, id }: BatchRequest, role: Role): string {
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
    // Until it is complete.
    expiresAt: Math.max(request.expires_at, dispatch.clock.now()) + request.output_life_ms,
    batch: request.id,
    ...(request.key === undefined ? {} : { key: request.key }),
  });
  return id;
}

/**
 * Keeps the result files of a batch that goes on past its time, as while a key is missing, so that what
 * they hold does not expire before the rest is written.
 */
export async function keepGrowing(
  { files, dispatch }: Pick<RunnerContext, 'files' | 'dispatch'>,
  { request, ...record }: BatchRecord,
): Promise<void> {
  const now = dispatch.clock.now();
  if (now < request.expires_at) return;
  for (const file of [record.outputFileId, record.errorFileId]) {
    if (file === undefined) continue;
    await files.keepUntil(request.project, file, now + request.output_life_ms);
  }
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
