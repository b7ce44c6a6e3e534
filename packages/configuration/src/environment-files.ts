import type { Environment } from './interpolate.ts';

/** The folder of files, for when the file names none. */
export const FILES_PATH_VARIABLE = 'UNDERSTUDY_FILES_PATH';

/** Where the environment places files; an empty value says nothing. */
export function environmentFiles(environment: Environment): { path?: string } {
  const path = environment[FILES_PATH_VARIABLE] ?? '';
  return path === '' ? {} : { path };
}
