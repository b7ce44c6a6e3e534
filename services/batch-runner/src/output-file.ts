import type { WrittenPart } from '@understudy/batch-store';
import type { BatchRequest } from '@understudy/contracts';
import { idOfKey } from '@understudy/submission';
import type { RunnerContext } from './runner-context.ts';

type Role = WrittenPart['role'];

const NAMES: Readonly<Record<Role, string>> = { out: 'output', err: 'error' };

/** The same id always, so that a runner which goes on writes the same file. */
function outputFileId({ project, id }: BatchRequest, role: Role): string {
  return idOfKey('file-', project, `${id}/${NAMES[role]}`);
}

/** Makes sure that a result file is there. @returns its id */
export async function openOutputFile(
  { files }: Pick<RunnerContext, 'files'>,
  request: BatchRequest,
  role: Role,
): Promise<string> {
  const id = outputFileId(request, role);
  await files.openOutput(request.project, {
    id,
    purpose: 'batch_output',
    filename: `${request.id}_${NAMES[role]}.jsonl`,
    // Until it is complete: the batch ends before that.
    expiresAt: request.expires_at + request.output_life_ms,
    batch: request.id,
    ...(request.key === undefined ? {} : { key: request.key }),
  });
  return id;
}
