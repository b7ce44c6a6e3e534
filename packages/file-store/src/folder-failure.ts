import { storageFailure } from './storage-failure.ts';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const CLOSED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'EEXIST']);
const BUSY = new Set(['EMFILE', 'ENFILE', 'EIO', 'ESTALE', 'ENXIO', 'ENODEV']);

/** What an error of the file system means for whoever stores or reads files, or the error itself. */
export function explainFolderError(error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  if (FULL.has(code)) {
    return storageFailure(`the folder of files.path is full (${code}), nothing was stored`, error);
  }
  if (CLOSED.has(code)) {
    return storageFailure(
      `the folder of files.path cannot be used by this service (${code})`,
      error,
    );
  }
  if (BUSY.has(code)) {
    return storageFailure(`the folder of files.path does not work now (${code})`, error);
  }
  return error;
}

export function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
