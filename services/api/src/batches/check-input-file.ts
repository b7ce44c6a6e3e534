import { BrokerError } from '@understudy/contracts';
import type { FileStore } from '@understudy/file-store';
import { isId } from '@understudy/submission';

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
  if (file === undefined) {
    throw refusal('there is no file of this input_file_id; upload one with the purpose "batch"');
  }
  const { purpose } = file.record;
  if (purpose !== 'batch') {
    throw refusal(`the input file has the purpose "${purpose}"; it must be "batch"`);
  }
  if (file.bytes > maxBytes) {
    throw refusal(`the input file has ${file.bytes} bytes; a batch takes at most ${maxBytes}`);
  }
}

function refusal(message: string): BrokerError {
  return new BrokerError('invalid_request', message, { param: 'input_file_id' });
}
