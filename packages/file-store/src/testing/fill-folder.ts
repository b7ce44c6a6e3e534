import { BrokerError } from '@understudy/contracts';
import { createFolderBytes } from '../folder-bytes.ts';

/** Writes more than there is room for, and tells of the error. */
async function* megabytes(count: number): AsyncGenerator<Buffer> {
  for (let index = 0; index < count; index += 1) yield Buffer.alloc(1024 * 1024, index);
}

const bytes = createFolderBytes(process.argv[2] ?? '');
try {
  await bytes.write('p/file-1/part', megabytes(8));
} catch (error) {
  if (!(error instanceof BrokerError)) throw error;
  const { code, status, retryAfterSeconds, message } = error;
  process.stdout.write(JSON.stringify({ code, status, retryAfterSeconds, message }));
}
