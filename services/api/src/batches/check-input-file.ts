import { BrokerError } from '@understudy/contracts';
import type { FileStore } from '@understudy/file-store';
import { isId } from '@understudy/submission';
import type { ApiParts } from '../api-parts.ts';
import { rememberUpload } from '../files/accept-upload.ts';

const PAST_END_MS = 3_600_000;

/**
 * What can be said of an input without reading it; its lines are checked when the batch runs.
 * @throws BrokerError 400, as OpenAI answers, and the same for a file of somebody else
 */
export async function checkInputFile(
  files: Pick<FileStore, 'read'>,
  project: string,
  id: string,
  { maxBytes }: { maxBytes: number },
): Promise<void> {
  const file = isId('file-', id) ? await files.read(project, id) : undefined;
  if (file === undefined) throw notThere();
  const { purpose } = file.record;
  if (purpose !== 'batch') {
    throw refusal(`the input file has the purpose "${purpose}"; it must be "batch"`);
  }
  if (file.bytes > maxBytes) {
    throw refusal(`the input file has ${file.bytes} bytes; a batch takes at most ${maxBytes}`);
  }
}

/**
 * Keeps an input for as long as its batch may need it, and a while in which the lines that have expired
 * are told of: its owner may have uploaded it for a shorter time.
 * @param lifeMs of the batch
 * @throws BrokerError 400 where it is gone
 */
export async function keepInputFile(
  { files, dispatch }: Pick<ApiParts, 'files' | 'dispatch'>,
  project: string,
  id: string,
  lifeMs: number,
): Promise<void> {
  const keepMs = lifeMs + PAST_END_MS;
  if (!(await files.keepUntil(project, id, dispatch.clock.now() + keepMs))) throw notThere();
  await rememberUpload(dispatch, project, id, keepMs);
}

function notThere(): BrokerError {
  return refusal('there is no file of this input_file_id; upload one with the purpose "batch"');
}

function refusal(message: string): BrokerError {
  return new BrokerError('invalid_request', message, { param: 'input_file_id' });
}
