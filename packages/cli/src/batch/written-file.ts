import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { chmod, open, readlink, realpath, rename, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { finished } from 'node:stream/promises';

/** A file that is being written a piece at a time. */
export interface WrittenFile {
  /** Resolves when more may be written. */
  write(piece: string | Uint8Array): Promise<void>;
  /** Resolves when all of it is on disk. */
  end(): Promise<void>;
  /** Gives up writing; what was written stays. Safe to call after `end`. */
  abandon(): void;
}

/**
 * Overwrites what is there, readable by its owner alone: it holds prompts or answers.
 * @param name what errors call it: nobody knows the name of a file that is to replace another
 * @throws the file system's error, of the folder where that cannot be written
 */
export async function createFile(path: string, name: string = path): Promise<WrittenFile> {
  const stream = createWriteStream(path, { mode: 0o600, flush: true, highWaterMark: 1024 * 1024 });
  await once(stream, 'open').catch((error: unknown) => {
    throw naming(isOfFolder(error) ? dirname(name) : name, error);
  });
  const ended = finished(stream);
  // Told to whoever writes next; until then it is nobody's.
  ended.catch(() => undefined);
  return {
    write: async (piece) => {
      if (stream.errored) throw naming(name, stream.errored);
      if (stream.write(piece)) return;
      await nameFile(name, Promise.race([once(stream, 'drain'), ended]));
    },
    end: async () => {
      stream.end();
      await nameFile(name, ended);
    },
    abandon: () => void stream.destroy(),
  };
}

/** Has an error of the file system say `name`: of a full disk Node names no file. */
export async function nameFile<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw naming(name, error);
  }
}

function naming(name: string, error: unknown): unknown {
  const isOfFile = error instanceof Error && 'syscall' in error;
  return isOfFile ? Object.assign(error, { path: name }) : error;
}

/** A file that is made anew is refused for the folder that it would be in. */
function isOfFolder(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return ['ENOENT', 'EACCES', 'EPERM', 'EROFS'].includes(String(error.code));
}

/**
 * Puts a finished file in the place of another; after a power loss there is one of the two. Who may
 * read the other may read this one.
 */
export async function replaceFile(from: string, to: string): Promise<void> {
  const replaced = await stat(to).catch(() => undefined);
  if (replaced !== undefined) await nameFile(to, chmod(from, replaced.mode & 0o777));
  await nameFile(to, rename(from, to));
  const folder = await open(dirname(to));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Where symbolic links lead from `path`, also to a file that is not there yet. */
export async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const link = await readlink(path).catch(() => undefined);
    return link === undefined ? path : followLinks(resolve(dirname(path), link));
  }
}
