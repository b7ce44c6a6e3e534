const WORDS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `there is no ${path}`,
  EISDIR: (path) => `${path} is a folder; name a file`,
  ENOTDIR: (path) => `${path} is below something that is no folder`,
  EACCES: (path) => `${path} is closed to this user; change its permissions, or name another`,
  EPERM: (path) => `${path} is closed to this user; change its permissions, or name another`,
  ENOSPC: (path) => `there is no space left to write ${path}`,
  EDQUOT: (path) => `this user's quota leaves no space to write ${path}`,
  EFBIG: (path) => `${path} would be larger than a file may be there`,
  EIO: (path) => `the disk that ${path} is on has failed`,
  EROFS: (path) => `${path} is on a disk that cannot be written; name another`,
};

/**
 * What went wrong with a file that the command line names; undefined for every other error. That a
 * folder was read is found out behind an open file, where the error has no path any more.
 */
export function fileErrorWords(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  const code = String(error.code);
  if (!('path' in error) && code !== 'EISDIR') return undefined;
  const path = 'path' in error ? String(error.path) : 'what is to be read';
  return WORDS[code]?.(path) ?? error.message;
}
