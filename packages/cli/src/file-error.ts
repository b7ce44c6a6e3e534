const WORDS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `there is no ${path}`,
  EISDIR: (path) => `${path} is a folder; name a file`,
  ENOTDIR: (path) => `${path} is below something that is no folder`,
  EACCES: (path) => `${path} is closed to this user; change its permissions, or name another`,
  EPERM: (path) => `${path} is closed to this user; change its permissions, or name another`,
  ENOSPC: (path) => `there is no space left to write ${path}`,
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
